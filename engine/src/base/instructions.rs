//! Which instruction sets kernels may use on this processor.

use std::fmt;

/// An instruction set that kernels are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instructions {
    /// AVX-512 with VNNI, and all of AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// AVX2 with FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// What every processor runs.
    Scalar,
}

impl Instructions {
    /// Those that this processor has, the fastest first, scalar last.
    pub fn available() -> Vec<Self> {
        let mut available = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 =
                is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
            if avx2 && avx512 && is_x86_feature_detected!("avx512vnni") {
                available.push(Self::Avx512Vnni);
            }
            if avx2 {
                available.push(Self::Avx2);
            }
        }
        available.push(Self::Scalar);
        available
    }

    /// The fastest that this processor has.
    pub fn fastest() -> Self {
        let available = Self::available();
        available.first().copied().unwrap_or(Self::Scalar)
    }

    /// Name for messages.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => "avx512-vnni",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            Self::Scalar => "scalar",
        }
    }
}

impl fmt::Display for Instructions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
