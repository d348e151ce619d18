//! Ways to ship, and compact sets of them: by offer (four bits) and by region (four bits each in a `u128`).

use sampan_proto::v1;

use crate::base::region::RegionIndex;

/// A way that goods reach the shopper.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, serde::Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ShipMode {
    DirectMail,
    FreeShipping,
    Consolidated,
    Local,
}

impl ShipMode {
    pub const ALL: [Self; 4] = [
        Self::DirectMail,
        Self::FreeShipping,
        Self::Consolidated,
        Self::Local,
    ];

    /// Name in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::DirectMail => "direct_mail",
            Self::FreeShipping => "free_shipping",
            Self::Consolidated => "consolidated",
            Self::Local => "local",
        }
    }

    pub fn from_proto(mode: i32) -> Option<Self> {
        match v1::ShipMode::try_from(mode).ok()? {
            v1::ShipMode::Unspecified => None,
            v1::ShipMode::DirectMail => Some(Self::DirectMail),
            v1::ShipMode::FreeShipping => Some(Self::FreeShipping),
            v1::ShipMode::Consolidated => Some(Self::Consolidated),
            v1::ShipMode::Local => Some(Self::Local),
        }
    }

    pub fn to_proto(self) -> v1::ShipMode {
        match self {
            Self::DirectMail => v1::ShipMode::DirectMail,
            Self::FreeShipping => v1::ShipMode::FreeShipping,
            Self::Consolidated => v1::ShipMode::Consolidated,
            Self::Local => v1::ShipMode::Local,
        }
    }
}

/// A set of ship modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ModeSet(pub u8);

impl ModeSet {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self(0b1111);
    /// All that can leave the region: everything but local delivery.
    pub const CROSS_BORDER: Self = Self(0b0111);

    pub fn of(mode: ShipMode) -> Self {
        Self(1 << mode as u8)
    }

    pub fn with(self, mode: ShipMode) -> Self {
        Self(self.0 | Self::of(mode).0)
    }

    #[inline]
    pub fn has(self, mode: ShipMode) -> bool {
        self.0 & Self::of(mode).0 != 0
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[inline]
    pub fn iter(self) -> impl Iterator<Item = ShipMode> {
        ShipMode::ALL
            .into_iter()
            .filter(move |mode| self.has(*mode))
    }
}

/// A set of ship modes for each region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RegionModes(u128);

impl RegionModes {
    #[inline]
    pub fn get(self, region: RegionIndex) -> ModeSet {
        ModeSet(((self.0 >> (u32::from(region.0) * 4)) & 0b1111) as u8)
    }

    /// The modes of both, region by region.
    #[inline]
    pub fn and_also(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds modes to a region's set.
    pub fn add(&mut self, region: RegionIndex, modes: ModeSet) {
        self.0 |= u128::from(modes.0 & 0b1111) << (u32::from(region.0) * 4);
    }
}

/// The modes by which an item offered in `region` reaches `ship_to`: the offer's, less local delivery when the goods
/// leave the region, less what the destination bars.
#[inline]
pub fn reachable(
    offered: RegionModes,
    barred: RegionModes,
    region: RegionIndex,
    ship_to: RegionIndex,
) -> ModeSet {
    let way = if region == ship_to {
        ModeSet::ALL
    } else {
        ModeSet::CROSS_BORDER
    };
    offered.get(region).and(way).minus(barred.get(ship_to))
}
