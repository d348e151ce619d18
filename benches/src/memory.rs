//! Resident memory of this process.

use std::fs;

/// Bytes that are in memory now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resident {
    /// Heap and stacks: nothing but swap can take them back.
    pub anonymous: u64,
    /// Pages of mapped files: the kernel takes them back when it needs room.
    pub mapped: u64,
}

impl Resident {
    /// Now; zero where the kernel does not tell.
    pub fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            anonymous: field(&status, "RssAnon:"),
            mapped: field(&status, "RssFile:"),
        }
    }

    /// What came on top of an earlier state.
    pub fn since(self, before: Self) -> Self {
        Self {
            anonymous: self.anonymous.saturating_sub(before.anonymous),
            mapped: self.mapped.saturating_sub(before.mapped),
        }
    }
}

/// Most bytes that were ever in memory at once; zero where the kernel does not tell.
pub fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    field(&status, "VmHWM:")
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_in_bytes() {
        let status = "VmRSS:\t  12 kB\nRssAnon:\t     3 kB\nRssFile:\t     9 kB\n";
        assert_eq!(field(status, "RssAnon:"), 3_072);
        assert_eq!(field(status, "RssFile:"), 9_216);
        assert_eq!(field(status, "RssShmem:"), 0);
    }
}
