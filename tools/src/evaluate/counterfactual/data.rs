//! A log joined with a plan, names replaced by numbers: what every estimator reads.

/// One item that was shown at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impression {
    /// Who saw it. Units are independent of each other; impressions of one unit need not be.
    pub unit: u32,
    /// The list that it was a part of. The impressions of a list stand together, by position.
    pub list: u32,
    /// Place among [`LoggedData::situations`].
    pub situation: u32,
    pub item: u32,
    /// Probability with which the log's ranking put the item there, 0 (exclusive) to 1.
    pub propensity: f64,
    /// Probability with which the plan would.
    pub planned: f64,
    /// What it earned.
    pub reward: f64,
}

impl Impression {
    /// How much more often the plan would have shown it.
    pub fn weight(&self) -> f64 {
        self.planned / self.propensity
    }
}

/// Where an item was chosen: all impressions of a situation are drawn alike by the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Situation {
    /// What is known of the shopper, as a number.
    pub context: u32,
    /// Place on the list, from 0.
    pub position: u32,
    /// Place among [`LoggedData::choices`].
    pub choice: u32,
}

/// Items that the plan may choose, each once, and their probabilities; these add up to 1.
pub type Choice = Vec<(u32, f64)>;

/// A log joined with a plan. Not empty.
#[derive(Debug, Default)]
pub struct LoggedData {
    pub impressions: Vec<Impression>,
    pub situations: Vec<Situation>,
    pub choices: Vec<Choice>,
    /// How many units, numbered from 0.
    pub units: usize,
    /// How many lists, numbered from 0 in the order of the impressions.
    pub lists: usize,
}

impl LoggedData {
    /// The situation of an impression, and what the plan may choose there.
    pub fn place_of(&self, impression: &Impression) -> (Situation, &Choice) {
        let situation = self.situations[impression.situation as usize];
        (situation, &self.choices[situation.choice as usize])
    }

    /// Impressions of each list.
    pub fn by_list(&self) -> impl Iterator<Item = &[Impression]> {
        self.impressions.chunk_by(|one, next| one.list == next.list)
    }

    /// Mean reward of an impression, as logged.
    pub fn mean_reward(&self) -> f64 {
        let rewards = self.impressions.iter().map(|impression| impression.reward);
        rewards.sum::<f64>() / self.impressions.len() as f64
    }
}
