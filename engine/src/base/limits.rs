//! Every limit of the node: unit in the name or the comment, and the reason.

/// Bytes of a search text. A shopper types under 100; above this it is not a query.
pub const QUERY_BYTES_MAX: usize = 512;
/// Bytes of a suggestion prefix.
pub const PREFIX_BYTES_MAX: usize = 128;
/// Hits, cards or similar items a page.
pub const PAGE_SIZE_MAX: u32 = 100;
/// Hits a page when the request does not say.
pub const PAGE_SIZE_DEFAULT: u32 = 20;
/// Suggestions an answer.
pub const SUGGEST_COUNT_MAX: u32 = 20;
/// Suggestions when the request does not say.
pub const SUGGEST_COUNT_DEFAULT: u32 = 10;
/// Places a shopper can page through. Also what recall brings to ranking.
pub const RESULT_WINDOW: usize = 500;
/// A query whose words find fewer results than this is widened by narrower things (飲品: 可樂).
pub const WIDENED_BELOW: u64 = 200;
/// A query that finds fewer results than this, narrower things included, is widened by near words (克力架: 梳打餅).
pub const EXPANDED_BELOW: u64 = 50;
/// Results that are counted exactly; beyond, `total` is a lower bound.
pub const TOTAL_COUNTED_MAX: usize = 10_000;
/// Matching items that facets look at; beyond, their counts are of the first so many.
pub const FACET_ITEMS_MAX: usize = 200_000;
/// Buckets a facet.
pub const FACET_BUCKETS_MAX: usize = 50;
/// Buckets of the price histogram.
pub const PRICE_BUCKETS: usize = 10;
/// Seconds that a result list is kept for its later pages.
pub const PAGE_TOKEN_SECONDS: i64 = 600;
/// Bytes of the result lists that are kept: a list of 500 takes some 40 kB, one that is explained 250 kB. The one that was
/// asked for least gives way.
pub const PAGE_LISTS_BYTES_MAX: u64 = 512 << 20;
/// Bytes of a page token, above which it is not ours.
pub const PAGE_TOKEN_BYTES_MAX: usize = 64;

/// Bytes of an item id.
pub const ITEM_ID_BYTES_MAX: usize = 128;
/// Titles an item.
pub const TITLES_MAX: usize = 8;
/// Bytes of a title.
pub const TITLE_BYTES_MAX: usize = 1_024;
/// Bytes of a brand.
pub const BRAND_BYTES_MAX: usize = 256;
/// Levels of a category path.
pub const CATEGORY_LEVELS_MAX: usize = 8;
/// Bytes of one level's name.
pub const CATEGORY_BYTES_MAX: usize = 128;
/// Attribute names an item.
pub const ATTRIBUTES_MAX: usize = 64;
/// Bytes of an attribute's name.
pub const ATTRIBUTE_NAME_BYTES_MAX: usize = 128;
/// Values of one attribute.
pub const ATTRIBUTE_VALUES_MAX: usize = 32;
/// Bytes of an attribute value.
pub const ATTRIBUTE_VALUE_BYTES_MAX: usize = 256;
/// Tags an item.
pub const TAGS_MAX: usize = 64;
/// Bytes of a tag.
pub const TAG_BYTES_MAX: usize = 64;
/// Bytes of a seller id, user id or session id.
pub const PARTY_ID_BYTES_MAX: usize = 128;
/// Bytes of an image address.
pub const IMAGE_URL_BYTES_MAX: usize = 2_048;
/// Numbers of a client's vector.
pub const VECTOR_DIMENSIONS_MAX: usize = 2_048;
/// Minor units of a price or freight: keeps sums and conversions far from overflow.
pub const PRICE_MINOR_MAX: i64 = 1_000_000_000_000;
/// Grams an item weighs: ten tonnes, more than any parcel.
pub const WEIGHT_GRAMS_MAX: u32 = 10_000_000;
/// Rows of a freight table; those of one market are looked through for each item.
pub const FREIGHT_ROWS_MAX: usize = 1_000;
/// Days of a delivery estimate.
pub const DELIVERY_DAYS_MAX: u32 = 3_650;
/// Items, offer updates or events a batch.
pub const BATCH_MAX: usize = 1_000;
/// Ids of a delete request.
pub const DELETE_BATCH_MAX: usize = 10_000;
/// Results that a stream answer lists in full; above, only the refused.
pub const STREAM_RESULTS_MAX: usize = 10_000;
/// Brands or sellers of a filter.
pub const FILTER_VALUES_MAX: usize = 64;
/// Tags of a filter.
pub const FILTER_TAGS_MAX: usize = 16;
/// Attributes of a user context.
pub const USER_ATTRIBUTES_MAX: usize = 32;
/// Bytes of a user context attribute, name or value.
pub const USER_ATTRIBUTE_BYTES_MAX: usize = 128;
/// Rules a request may switch off.
pub const DISABLED_RULES_MAX: usize = 64;
/// Seconds that an event's time may lie ahead of the node's clock.
pub const EVENT_AHEAD_SECONDS_MAX: i64 = 300;
/// Events that a query must have led to before corrections go by its words: what one shopper typed once is nobody else's.
pub const SPELLING_QUERY_EVENTS_MIN: u32 = 3;
/// Experiments that an event may have happened in: one a layer.
pub const EXPOSURES_MAX: usize = 8;
/// Events that are remembered of a user or session, the latest: 12 bytes each.
pub const SHOPPER_TAKEN_MAX: usize = 100;
/// Impressions that are remembered of a user or session, the latest: more than a shopper scrolls past in an hour.
pub const SHOPPER_SHOWN_MAX: usize = 300;
/// Dislikes that are remembered of a user or session, the latest.
pub const SHOPPER_DISLIKES_MAX: usize = 200;
/// Queries that are remembered of a user or session, the latest: some 80 bytes each.
pub const SHOPPER_QUERIES_MAX: usize = 10;
/// Sessions of a user, and users of a session, that are remembered, the latest.
pub const SHOPPER_LINKS_MAX: usize = 8;
/// Days without an event after which a user is forgotten; older events are forgotten of those who stay.
pub const USER_DAYS_MAX: i64 = 180;
/// The same of a session.
pub const SESSION_DAYS_MAX: i64 = 7;
/// Users and sessions that are remembered; those who were away longest give way. Some 1 kB each, 8 kB at most.
pub const SHOPPERS_MAX: usize = 1 << 20;
/// Items of which is remembered who took them; those that nobody took for longest give way. 100 bytes to 1.2 kB each.
pub const ITEMS_TAKEN_MAX: usize = 1 << 20;
/// Shoppers that an item is compared with others by: those who took it last, 16 bytes each.
pub const ITEM_TAKERS_MAX: usize = 64;
/// Queries, of all regions together, of which is remembered what was chosen after them; those after which nothing was chosen
/// for longest give way. 100 bytes to 3 kB each.
pub const QUERIES_LINKED_MAX: usize = 1 << 17;
/// Choices that are remembered after a query, the latest: 24 bytes each.
pub const QUERY_CHOICES_MAX: usize = 128;
/// Queries of a shopper that the feed starts from, the latest: each is understood anew.
pub const FEED_QUERIES_MAX: usize = 5;
/// Bytes of the name of a shopper's segment.
pub const SEGMENT_BYTES_MAX: usize = 64;
/// Segments of a region of which is kept what they choose: the first by name.
pub const SEGMENTS_MAX: usize = 32;
/// Items that are counted of a segment, some 40 bytes each; of more the most faded half is forgotten.
pub const SEGMENT_ITEMS_MAX: usize = 8_192;
/// Bytes of an admin document.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// Bytes of a table of near words: what a node mines at most, 120,000 lines with their evidence, takes some 6 MB.
pub const EXPANSIONS_BYTES_MAX: usize = 16 << 20;
/// Bytes of an admin comment.
pub const COMMENT_BYTES_MAX: usize = 512;
/// Changes of admin documents a page lists, at most, and when not asked.
pub const CHANGES_MAX: u32 = 100;
pub const CHANGES_DEFAULT: u32 = 20;
/// Bytes of the name of who changes an admin document.
pub const AUTHOR_BYTES_MAX: usize = 128;
/// Item changes a dry run lists.
pub const DRY_RUN_CHANGES_MAX: usize = 1_000;
/// Groups that a report of exposure lists of a kind: those that were shown most.
pub const EXPOSURE_GROUPS_MAX: usize = 1_000;
/// Days that a report of exposure looks at when not asked.
pub const EXPOSURE_DAYS_DEFAULT: i64 = 7;
/// Days that a report of rates looks at when not asked.
pub const RATE_REPORT_DAYS_DEFAULT: i64 = 28;
/// Seconds after an impression within which a report of rates takes what happens to the item for its answer, when not asked
/// and at most: a day, and thirty.
pub const RATE_WAIT_SECONDS_DEFAULT: u32 = 86_400;
pub const RATE_WAIT_SECONDS_MAX: u32 = 30 * 86_400;
/// Bytes of one gRPC message in; a batch of 1,000 large items stays below.
pub const MESSAGE_BYTES_MAX: usize = 32 << 20;

/// Bytes of a text that the encoder reads; what a title says stands in its beginning.
pub const ENCODED_TEXT_BYTES_MAX: usize = 1_024;
/// Query vectors remembered; about 2 kB each.
pub const ENCODED_QUERIES_MAX: usize = 10_000;

/// Regions the node can serve: four mode bits each must fit a `u128`.
pub const REGIONS_MAX: usize = 32;
/// Markets (a region and a destination) of which it is kept what they may be sold: two bits an item each. For others it
/// is gathered anew for every request.
pub const ELIGIBLE_MARKETS_MAX: usize = 64;
/// Items of the catalogue: ordinals are 32 bits and never used twice.
pub const ITEMS_MAX: u32 = u32::MAX - 1;
/// Writes waiting for the indexer, above which new writes wait: bounds memory.
pub const PENDING_MAX: usize = 50_000;
/// Milliseconds the indexer gathers writes before it publishes a generation. With the commit (10 ms) far below the
/// promised second.
pub const PUBLISH_EVERY_MS: u64 = 100;
/// Bytes that tantivy's writer may gather before it writes a segment.
pub const INDEX_WRITER_BYTES: usize = 192 << 20;

/// Ids of other offers that a folded hit lists; all are counted.
pub const MORE_OFFERS_LISTED_MAX: usize = 20;

/// Bytes of a learned ranking model's text: some 4,000 trees of 31 leaves.
pub const RANKING_MODEL_BYTES_MAX: usize = 16 << 20;

/// Recent items that the feed's recall may start from: as many as are remembered of a shopper.
pub const FEED_SEEDS_MAX: usize = 50;
/// Share of the feed's places that chance may fill: above this it is no recommendation.
pub const FEED_EXPLORATION_SHARE_MAX: f64 = 0.5;
/// Places of which the share of exploration is taken: its cards stand in every so many.
pub const FEED_EXPLORATION_WINDOW: usize = 20;
/// Events that say something of taste, new since the last training, that a node's own feed model waits for: fewer teach
/// nothing. Nor fewer than a tenth of those that the last one had.
pub const FEED_TRAINING_EVENTS_MIN: u64 = 500;
/// Seconds between the beginnings of two trainings at least: in between, fold-in and live neighbours follow the shopper.
pub const FEED_TRAINING_EVERY_SECONDS: u64 = 600;
/// Latest events that a node's own feed model learns from: some 40 bytes each while it trains.
pub const FEED_TRAINING_EVENTS_MAX: usize = 5_000_000;

/// Pools of a region, those of `common` included: each is judged for every item that changes.
pub const POOLS_MAX: usize = 200;
/// Bytes of a pool's id.
pub const POOL_ID_BYTES_MAX: usize = 64;
/// Bytes of a pool's title.
pub const POOL_TITLE_BYTES_MAX: usize = 256;
/// Pools that a filter may ask for, or against.
pub const FILTER_POOLS_MAX: usize = 16;
/// Most popular items kept a region, and so the most that a pool may ask for.
pub const POPULAR_ITEMS_MAX: usize = 1_000;
/// Places of a result or feed within which a pool's quota is held.
pub const QUOTA_WINDOW: usize = 10;
/// Items of a pool that the feed looks at for the best of them: of a larger pool the newest so many.
pub const POOL_RECALL_LOOKED_AT: usize = 5_000;

/// Merchandising rules of a region, or common ones: the pairs that may contradict each other are looked at on every save.
pub const RULES_MAX: usize = 2_000;
/// Bytes of a rule's id.
pub const RULE_ID_BYTES_MAX: usize = 128;
/// Queries, words or categories that a rule names each.
pub const RULE_QUERIES_MAX: usize = 100;
/// Items that a rule pins: one page of them is a page, not a search.
pub const RULE_PINS_MAX: usize = 20;
/// Place of a pin, from 1: a shopper sees it on the first page of the largest size.
pub const PIN_POSITION_MAX: usize = 100;
/// Items, categories, brands, sellers or tags that a rule selects each.
pub const RULE_SELECTED_MAX: usize = 1_000;
/// Bytes of a redirect's address.
pub const REDIRECT_BYTES_MAX: usize = 2_048;
/// Bytes of a banner, names and values together.
pub const BANNER_BYTES_MAX: usize = 4_096;
/// Values of a banner.
pub const BANNER_VALUES_MAX: usize = 32;
/// Best items by words that say what category a query is about.
pub const INTENT_ITEMS: usize = 20;
/// Queries that a dry run of rules answers twice, as now and as then; each takes as long as two searches.
pub const RULE_PREVIEWS_MAX: usize = 50;
