//! From when until when a rule of a file holds.

use toml::value::Datetime;

/// Moments in seconds since 1970; an absent one is no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// The first second at which it holds.
    pub from: Option<i64>,
    /// The first second at which it no longer holds.
    pub until: Option<i64>,
}

impl Validity {
    /// Reads the keys `from` and `until`; an error is the key at fault, and why.
    pub fn read(
        from: Option<&Datetime>,
        until: Option<&Datetime>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let moment = |key, value: Option<&Datetime>| {
            let seconds = value.map(seconds).transpose();
            seconds.map_err(|reason| (key, reason))
        };
        let (from, until) = (moment("from", from)?, moment("until", until)?);
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return Err(("until", "lies before `from`"));
        }
        Ok(Self { from, until })
    }

    /// Whether it holds at a moment.
    pub fn holds(&self, now: i64) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether there is a moment at which both hold.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_in_time = |one: &Self, other: &Self| {
            let ends = one.from.zip(other.until);
            ends.is_none_or(|(from, until)| from < until)
        };
        begins_in_time(self, other) && begins_in_time(other, self)
    }

    /// The moments at which that changes.
    pub fn turns(&self) -> impl Iterator<Item = i64> {
        self.from.into_iter().chain(self.until)
    }
}

/// Seconds since 1970 of a TOML date (its start, UTC) or date-time (UTC when it has no offset).
pub fn seconds(value: &Datetime) -> Result<i64, &'static str> {
    let date = value.date.ok_or("needs a date")?;
    let days = days_since_1970(
        i64::from(date.year),
        i64::from(date.month),
        i64::from(date.day),
    );
    let mut seconds = days * 86_400;
    if let Some(time) = value.time {
        let second = time.second.unwrap_or(0);
        seconds += i64::from(time.hour) * 3_600 + i64::from(time.minute) * 60 + i64::from(second);
    }
    if let Some(toml::value::Offset::Custom { minutes }) = value.offset {
        seconds -= i64::from(minutes) * 60;
    }
    Ok(seconds)
}

/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_seconds() {
        assert_eq!(days_since_1970(1970, 1, 1), 0);
        assert_eq!(days_since_1970(2000, 3, 1), 11_017);
        assert_eq!(days_since_1970(2026, 11, 22), 20_779);
    }

    #[test]
    fn it_holds_from_its_first_second_to_before_its_last() {
        let read = |from: &str, until: &str| {
            let moment = |text: &str| text.parse::<Datetime>().expect("a date");
            Validity::read(Some(&moment(from)), Some(&moment(until)))
        };
        let day = read("1970-01-02", "1970-01-03T08:00:00+08:00").expect("in order");
        let held: Vec<bool> = [86_399, 86_400, 172_799, 172_800]
            .map(|now| day.holds(now))
            .into();
        assert_eq!(held, [false, true, true, false]);
        assert!(day.turns().eq([86_400, 172_800]));
        assert_eq!(
            read("1970-01-02", "1970-01-02").map_err(|(key, _)| key),
            Err("until")
        );
        assert!(Validity::default().holds(i64::MIN));
    }

    #[test]
    fn two_overlap_when_both_hold_at_some_moment() {
        let between = |from, until| Validity { from, until };
        let first = between(Some(10), Some(20));
        assert!(first.overlaps(&between(Some(19), None)) && first.overlaps(&Validity::default()));
        for apart in [between(Some(20), None), between(None, Some(10))] {
            assert!(
                !first.overlaps(&apart) && !apart.overlaps(&first),
                "{apart:?}"
            );
        }
    }
}
