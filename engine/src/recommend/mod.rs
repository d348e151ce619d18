//! Floor 2: learning what shoppers may want next, from what they did. Pure: numbers in, numbers out; no clock, no store.
//!
//! - [`history`]: visits, the one shape in which all models see what a shopper did; [`visits`] gathers them from events.
//! - [`co_occurrence`], [`swing`]: items that go together; both take events one by one, and give what a batch gives.
//! - [`factors`]: implicit ALS, with fold-in of a shopper who was not there when it learnt.
//! - [`content`]: what an item's own features say of its vector, for items that hardly anyone has touched.
//! - [`repeat`]: who buys what again, and when. [`trend`]: what sells these days.
//! - [`blend`]: weights of the sources, learnt from what shoppers chose next.
//! - [`calibration`]: from what their scores predict to what is observed.
//! - [`model`]: all of them together; [`training`] makes one, [`file`] keeps it.

pub mod blend;
pub mod calibration;
mod cholesky;
pub mod co_occurrence;
pub mod content;
pub mod factors;
pub mod file;
pub mod history;
pub mod model;
pub mod neighbours;
pub mod repeat;
pub mod source;
pub mod swing;
pub mod training;
pub mod trend;
pub mod visits;

#[cfg(test)]
mod tests;

pub use history::{History, ItemIndex, Taken, Visit};
pub use model::FeedModel;
pub use neighbours::Neighbours;
pub use visits::{Gatherer, InteractionLog};
