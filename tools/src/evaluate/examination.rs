//! How likely a place is looked at: the position-based model (Craswell et al., "An experimental comparison of click
//! position-bias models", WSDM 2008), in which a click is a look at the place and a liking for the item, independently.

/// Chances that places are looked at, the first place's being 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination(Vec<f64>);

impl Examination {
    /// 1 ÷ log2(place + 1), places from 1: the discount of nDCG, for a shop whose log does not tell the chances.
    pub fn logarithmic(places: usize) -> Self {
        let chances = (0..places).map(|place| ((place + 2) as f64).log2().recip());
        Self(chances.collect())
    }

    /// Chances from elsewhere, brought to 1 at the first place.
    pub fn of(chances: Vec<f64>) -> Self {
        let first = chances
            .first()
            .copied()
            .filter(|first| *first > 0.0)
            .unwrap_or(1.0);
        Self(chances.into_iter().map(|chance| chance / first).collect())
    }

    /// The chance of a place, from 0; beyond the last, that of the last.
    pub fn at(&self, place: usize) -> f64 {
        let chance = self.0.get(place).or(self.0.last());
        chance.copied().unwrap_or_default()
    }

    /// All chances.
    pub fn chances(&self) -> &[f64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_discounted_as_in_ndcg() {
        let model = Examination::logarithmic(3);
        assert_eq!((model.at(0), model.at(2)), (1.0, 0.5));
        assert_eq!(model.at(9), model.at(2));
        assert_eq!(Examination::of(vec![0.5, 0.25]).chances(), [1.0, 0.5]);
    }
}
