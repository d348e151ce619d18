//! What a node holds.

use sampan_proto::v1;

use super::{
    Output,
    highlight::safe,
    table::{Align, table, table_of_filled},
};

/// Mebibyte, in which memory is shown.
const MEBIBYTE: f64 = 1_048_576.0;

/// Totals, regions, segments and warnings.
pub fn status_tables(status: &v1::IndexStatusResponse, output: &Output) -> String {
    let vectors = format!(
        "{} of {} dimensions, from {}",
        status.vectors, status.vector_dimensions, status.vector_source
    );
    let fields = [
        ("items", status.items.to_string()),
        ("events", status.events.to_string()),
        ("vectors", vectors),
        ("encoder", encoder_line(status.encoder.as_ref())),
        ("feed model", feed_model_line(status.feed_model.as_ref())),
        ("index version", status.index_version.clone()),
        ("policy version", status.policy_version.clone()),
        (
            "writes",
            format!(
                "{} accepted, {} visible",
                status.sequence_written, status.sequence_visible
            ),
        ),
        ("rates of", status.rate_date.clone()),
        (
            "memory",
            format!("{:.1} MiB", status.memory_bytes as f64 / MEBIBYTE),
        ),
        ("snapshot", status.snapshot_version.clone()),
    ];
    let rows = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let rows = rows.map(|(name, value)| vec![name.to_owned(), safe(&value)]);
    let totals = table(
        &[("node", Align::Left), ("", Align::Left)],
        rows.collect(),
        output,
    );
    let mut parts = vec![totals, region_table(&status.regions, output)];
    if !status.memory.is_empty() {
        parts.push(memory_table(status, output));
    }
    if !status.segments.is_empty() {
        parts.push(segment_table(&status.segments, output));
    }
    if status.rules.iter().any(|rule| rule.queries > 0) {
        parts.push(rule_table(&status.rules, output));
    }
    if !status.experiments.is_empty() {
        parts.push(experiment_table(&status.experiments, output));
    }
    if status.rebuilding {
        parts.push("an index for changed dictionaries is being made".to_owned());
    }
    parts.extend(
        status
            .warnings
            .iter()
            .map(|warning| format!("warning: {}", safe(warning))),
    );
    parts.join("\n\n")
}

/// Which encoder a node has, or why it has none.
fn encoder_line(encoder: Option<&v1::EncoderStatus>) -> String {
    match encoder {
        Some(encoder) if !encoder.problem.is_empty() => format!("none: {}", encoder.problem),
        Some(encoder) if !encoder.name.is_empty() => format!(
            "{} {}, {} dimensions",
            encoder.name, encoder.version, encoder.dimensions
        ),
        _ => "none; `sampan model fetch` gets one".to_owned(),
    }
}

/// Which model the feed ranks by, and what it was learnt from.
fn feed_model_line(model: Option<&v1::FeedModelStatus>) -> String {
    let Some(model) = model.filter(|model| !model.origin.is_empty()) else {
        let problem = model.map_or("", |model| &model.problem);
        return match problem {
            "" => "none yet; the feed follows live behaviour".to_owned(),
            problem => format!("none: {problem}"),
        };
    };
    let made = model.made.as_ref();
    let made = made.map_or_else(String::new, |made| format!(", made {made}"));
    let problem = match model.problem.as_str() {
        "" => String::new(),
        problem => format!("; the newest cannot be used: {problem}"),
    };
    format!(
        "from {}{made}, of {} events of {} shoppers; {} of its {} items are here{problem}",
        model.origin, model.events, model.shoppers, model.items_served, model.items
    )
}

fn region_table(regions: &[v1::RegionStatus], output: &Output) -> String {
    let columns = [
        ("region", Align::Left),
        ("eligible items", Align::Right),
        ("profile", Align::Left),
        ("analyzer", Align::Left),
    ];
    let rows = regions.iter().map(|region| {
        vec![
            safe(&region.region),
            region.eligible_items.to_string(),
            safe(&region.profile_version),
            safe(&region.analyzer_version),
        ]
    });
    table(&columns, rows.collect(), output)
}

/// Parts of the memory, the largest first, and what the process has.
fn memory_table(status: &v1::IndexStatusResponse, output: &Output) -> String {
    let columns = [
        ("memory, MiB", Align::Left),
        ("heap", Align::Right),
        ("mapped", Align::Right),
    ];
    let mebibytes = |bytes: u64| match bytes {
        0 => String::new(),
        bytes => format!("{:.2}", bytes as f64 / MEBIBYTE),
    };
    let row =
        |name: &str, heap: u64, mapped: u64| vec![safe(name), mebibytes(heap), mebibytes(mapped)];
    let mut parts: Vec<&v1::ComponentMemory> = status.memory.iter().collect();
    parts.retain(|part| part.heap_bytes + part.mapped_bytes > 0);
    parts.sort_by_key(|part| std::cmp::Reverse(part.heap_bytes + part.mapped_bytes));
    let (heap, mapped) = status.memory.iter().fold((0, 0), |(heap, mapped), part| {
        (heap + part.heap_bytes, mapped + part.mapped_bytes)
    });
    let mut rows: Vec<Vec<String>> = parts
        .iter()
        .map(|part| row(&part.component, part.heap_bytes, part.mapped_bytes))
        .collect();
    rows.push(row("= all parts", heap, mapped));
    let (anonymous, file) = (status.memory_anonymous_bytes, status.memory_file_bytes);
    rows.push(row("resident in the process", anonymous, file));
    rows.push(row("not accounted for", anonymous.saturating_sub(heap), 0));
    table(&columns, rows, output)
}

fn experiment_table(experiments: &[v1::ExperimentStatus], output: &Output) -> String {
    let columns = [
        ("experiment", Align::Left),
        ("arm", Align::Left),
        ("share", Align::Right),
        ("state", Align::Left),
        ("impressions", Align::Right),
        ("clicks", Align::Right),
        ("carts", Align::Right),
        ("orders", Align::Right),
        ("dislikes", Align::Right),
        ("reason", Align::Left),
    ];
    let rows = experiments.iter().flat_map(|experiment| {
        experiment.arms.iter().map(|arm| {
            vec![
                safe(&experiment.experiment),
                safe(&arm.arm),
                format!("{:.2} %", arm.propensity * 100.0),
                safe(&experiment.state),
                arm.impressions.to_string(),
                arm.clicks.to_string(),
                arm.carts.to_string(),
                arm.orders.to_string(),
                arm.dislikes.to_string(),
                safe(&experiment.reason),
            ]
        })
    });
    table_of_filled(&columns, rows.collect(), output)
}

fn rule_table(rules: &[v1::RuleStatus], output: &Output) -> String {
    let columns = [
        ("rule", Align::Left),
        ("queries", Align::Right),
        ("edits", Align::Right),
        ("what it does", Align::Left),
    ];
    let rows = rules.iter().map(|rule| {
        vec![
            safe(&rule.rule),
            rule.queries.to_string(),
            rule.edits.to_string(),
            safe(&rule.description),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn segment_table(segments: &[v1::SegmentStatus], output: &Output) -> String {
    let columns = [
        ("segment", Align::Left),
        ("items", Align::Right),
        ("deleted", Align::Right),
        ("bytes", Align::Right),
    ];
    let rows = segments.iter().map(|segment| {
        vec![
            safe(&segment.id),
            segment.items.to_string(),
            segment.deleted.to_string(),
            segment.bytes.to_string(),
        ]
    });
    table(&columns, rows.collect(), output)
}
