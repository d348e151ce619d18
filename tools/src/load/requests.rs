//! What shoppers ask for, drawn from a query log.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use sampan_proto::v1;

/// One request.
#[derive(Debug, Clone)]
pub enum Request {
    Search(Box<v1::SearchRequest>),
    Feed(Box<v1::GetFeedRequest>),
}

/// Draws requests: the same seed draws the same ones.
pub struct Requests {
    queries: Vec<String>,
    region: String,
    /// Share of requests that are feed visits, 0 to 1.
    feed_share: f64,
    /// Shoppers who visit.
    users: u32,
    page_size: u32,
    random: StdRng,
}

impl Requests {
    /// `queries` is not empty.
    pub fn new(queries: Vec<String>, region: &str, feed_share: f64, users: u32, seed: u64) -> Self {
        Self {
            queries,
            region: region.to_owned(),
            feed_share,
            users: users.max(1),
            page_size: 20,
            random: StdRng::seed_from_u64(seed),
        }
    }

    /// The next request.
    pub fn draw(&mut self) -> Request {
        let user = Some(v1::UserContext {
            user_id: format!("load-{}", self.random.random_range(0..self.users)),
            ..v1::UserContext::default()
        });
        if self.random.random_bool(self.feed_share) {
            return Request::Feed(Box::new(v1::GetFeedRequest {
                region: self.region.clone(),
                page_size: self.page_size,
                user,
                ..v1::GetFeedRequest::default()
            }));
        }
        let place = self.random.random_range(0..self.queries.len());
        Request::Search(Box::new(v1::SearchRequest {
            text: self.queries[place].clone(),
            region: self.region.clone(),
            page_size: self.page_size,
            user,
            ..v1::SearchRequest::default()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_requests_in_the_shares_asked_for() {
        let draw = |seed| {
            let queries = ["雪櫃", "奶粉"].map(str::to_owned).into();
            let mut requests = Requests::new(queries, "hk", 0.25, 10, seed);
            let drawn = (0..4_000).map(|_| format!("{:?}", requests.draw()));
            drawn.collect::<Vec<_>>()
        };
        let drawn = draw(1);
        assert_eq!(drawn, draw(1));
        assert_ne!(drawn, draw(2));
        let feeds = drawn.iter().filter(|text| text.starts_with("Feed")).count();
        assert!((850..1_150).contains(&feeds), "{feeds}");
        for query in ["雪櫃", "奶粉"] {
            assert!(drawn.iter().filter(|text| text.contains(query)).count() > 1_200);
        }
    }
}
