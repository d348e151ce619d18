//! What a load came to, rate by rate.

use std::time::Duration;

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};
use crate::load::{Measured, Spread};

/// A table of rates, the node's stages at the last rate that it kept up with, and what went wrong.
pub fn text(measured: &[Measured], output: &Output) -> String {
    let columns = [
        ("asked/s", Align::Right),
        ("answered/s", Align::Right),
        ("p50", Align::Right),
        ("p90", Align::Right),
        ("p99", Align::Right),
        ("p99.9", Align::Right),
        ("longest", Align::Right),
        ("errors", Align::Right),
        ("dropped", Align::Right),
        ("kB p50", Align::Right),
        ("kB p99", Align::Right),
    ];
    let rows = measured.iter().map(|of_rate| {
        let quantile = |share| millis(of_rate.quantile(share));
        vec![
            format!("{:.0}", of_rate.rate),
            format!("{:.1}", of_rate.achieved),
            quantile(0.5),
            quantile(0.9),
            quantile(0.99),
            quantile(0.999),
            millis(of_rate.max()),
            of_rate.errors.to_string(),
            of_rate.dropped.to_string(),
            kilobytes(of_rate.bytes_at(0.5)),
            kilobytes(of_rate.bytes_at(0.99)),
        ]
    });
    let mut parts = vec![table(&columns, rows.collect(), output)];
    let kept_up = measured
        .iter()
        .rev()
        .find(|of_rate| !of_rate.is_saturated());
    if let Some(of_rate) = kept_up.or(measured.last()) {
        parts.push(stages(of_rate, output));
    }
    parts.push(match kept_up {
        Some(of_rate) => format!("kept up with {:.0} requests a second", of_rate.rate),
        None => "kept up with none of these rates".to_owned(),
    });
    let errors = measured
        .iter()
        .filter_map(|of_rate| of_rate.first_error.as_ref());
    parts.extend(
        errors
            .take(1)
            .map(|error| format!("first error: {}", safe(error))),
    );
    parts.join("\n\n")
}

/// The node's stages at one rate.
fn stages(of_rate: &Measured, output: &Output) -> String {
    let title = format!("at {:.0}/s, µs", of_rate.rate);
    let columns = [
        (&*title, Align::Left),
        ("answers", Align::Right),
        ("mean", Align::Right),
        ("p50", Align::Right),
        ("p99", Align::Right),
        ("processor", Align::Right),
        ("p50", Align::Right),
        ("p99", Align::Right),
    ];
    let rows = of_rate.stages().into_iter().map(|stage| {
        let mut cells = vec![safe(&stage.stage), stage.answers.to_string()];
        for Spread { mean, p50, p99 } in [stage.wall, stage.processor] {
            cells.extend([format!("{mean:.0}"), p50.to_string(), p99.to_string()]);
        }
        cells
    });
    table(&columns, rows.collect(), output)
}

/// The same for programs.
pub fn json(measured: &[Measured]) -> serde_json::Value {
    let rates = measured.iter().map(|of_rate| {
        let micros = |share| of_rate.quantile(share).as_micros() as u64;
        serde_json::json!({
            "rate": of_rate.rate,
            "achieved": of_rate.achieved,
            "answers": of_rate.answers,
            "errors": of_rate.errors,
            "dropped": of_rate.dropped,
            "first_error": of_rate.first_error,
            "answer_bytes": {
                "mean": of_rate.bytes_mean(),
                "p50": of_rate.bytes_at(0.5),
                "p99": of_rate.bytes_at(0.99),
            },
            "p50_micros": micros(0.5),
            "p90_micros": micros(0.9),
            "p99_micros": micros(0.99),
            "p999_micros": micros(0.999),
            "max_micros": of_rate.max().as_micros() as u64,
            "stages_micros": of_rate.stages(),
            "saturated": of_rate.is_saturated(),
        })
    });
    rates.collect()
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e3)
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
