//! The built program, run as an operator runs it.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::clients::Clients;

/// A `sampan serve` that runs. Dropping it kills it.
pub struct NodeProcess {
    child: Child,
    address: String,
}

impl NodeProcess {
    /// Starts the program over a data folder and waits until it says where it listens.
    ///
    /// # Panics
    /// When it ends instead.
    pub fn serve(program: &Path, data: &Path, dictionaries: Option<&Path>) -> Self {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).env("SAMPAN_LOG", "error");
        // Not the one that this machine may have.
        command.env("SAMPAN_MODEL", "none");
        if let Some(folder) = dictionaries {
            command.arg("--dictionaries").arg(folder);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.find("http://").map(|at| line[at..].trim().to_owned()));
        let Some(address) = address else {
            panic!("the program ended before it listened: {:?}", child.wait());
        };
        Self { child, address }
    }

    /// Clients of all services.
    pub async fn clients(&self) -> Clients {
        Clients::connect(&self.address).await
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
