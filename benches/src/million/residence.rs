//! Where a node's memory goes, as far as it can be told from outside.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use sampan_engine::{Node, config::NodeConfig, index::columns::ColumnsWriter};

use super::items;
use crate::{Outcome, memory::Resident};

/// Items read at a time.
const BATCH_ITEMS: usize = 1_000;

/// Resident memory at the turns of a run.
pub struct Residence {
    /// A node without items: analysers, dictionaries, writers.
    pub empty: Resident,
    /// All items imported and merged.
    pub full: Resident,
    /// The columns of all items, built a second time and alone.
    pub columns: Resident,
    /// What the queries left: result lists kept for later pages, caches, pages of mapped files.
    pub queries: Resident,
}

/// A node that was started over a full folder.
pub struct Reopened {
    pub opening: Duration,
    pub resident: Resident,
}

/// What the columns of all items of a file take.
pub fn columns(node: &Node, file: &Path) -> Outcome<Resident> {
    let generation = node.generation();
    let before = Resident::now();
    let mut columns = ColumnsWriter::default();
    let mut ordinal = 0;
    items::each_batch(file, BATCH_ITEMS, &mut |batch| {
        for item in &batch {
            columns.set(
                ordinal,
                item,
                &generation.configuration,
                &generation.analyzer,
            );
            ordinal += 1;
        }
        Ok(())
    })?;
    let held = Resident::now().since(before);
    drop(columns);
    Ok(held)
}

/// Opens a node and prints how long that took, nanoseconds, and what it then holds, bytes.
pub fn reopen(data: &Path) -> Outcome<()> {
    let start = Instant::now();
    let node = Node::open(&NodeConfig::new(data))?;
    let opening = start.elapsed().as_nanos();
    let resident = Resident::now();
    println!("{opening} {} {}", resident.anonymous, resident.mapped);
    node.close();
    Ok(())
}

/// The same in a process of its own, whose memory holds nothing else.
pub fn reopen_in_new_process(program: &Path, data: &Path) -> Outcome<Reopened> {
    let output = Command::new(program)
        .arg("million-reopen")
        .arg(data)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<Vec<u64>, _>>()?;
    let [opening, anonymous, mapped] = numbers[..] else {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the node was not opened again: {told}").into());
    };
    Ok(Reopened {
        opening: Duration::from_nanos(opening),
        resident: Resident { anonymous, mapped },
    })
}
