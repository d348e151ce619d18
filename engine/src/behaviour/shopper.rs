//! Who a shopper is: a user, or a session of nobody known.

/// Stands for a user or a session; two that share one of 2⁶³ keys would share a memory. Ids themselves are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShopperKey(u64);

impl ShopperKey {
    /// Of one of the texts that [`keys`] gives.
    pub fn of(key: &str) -> Self {
        let hash = blake3::hash(key.as_bytes());
        let bytes = hash.as_bytes();
        let number = u64::from_le_bytes(std::array::from_fn(|at| bytes[at]));
        Self(number & !1 | u64::from(key.starts_with(SESSION)))
    }

    pub fn is_session(self) -> bool {
        self.0 & 1 == 1
    }
}

const USER: &str = "u:";
const SESSION: &str = "s:";

/// Keys under which a user context's behaviour is kept: the user's, then the session's.
pub fn keys(user_id: &str, session_id: &str) -> Vec<String> {
    let user = (!user_id.is_empty()).then(|| format!("{USER}{user_id}"));
    let session = (!session_id.is_empty()).then(|| format!("{SESSION}{session_id}"));
    user.into_iter().chain(session).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_and_a_session_of_one_name_are_two() {
        let keys: Vec<ShopperKey> = keys("a", "a")
            .iter()
            .map(|key| ShopperKey::of(key))
            .collect();
        assert_ne!(keys[0], keys[1]);
        assert_eq!([keys[0].is_session(), keys[1].is_session()], [false, true]);
        assert_eq!(super::keys("", "b"), ["s:b"]);
    }
}
