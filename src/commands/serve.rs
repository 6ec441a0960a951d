//! `louyi serve`: opens the house, starts the jobs with the server, and stops both in good order.

use std::time::Duration;

use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::tokio::sync::watch;

use super::{opening, person};
use crate::domain::first_links;
use crate::kernel::act::House;
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};
use crate::kernel::settings::{Settings, one_line};
use crate::{jobs, web};

/// Time for idle connections to end after the signal.
const IDLE_ENDS: Duration = Duration::from_millis(120);

/// Serves with the settings found.
pub async fn run() -> Result<()> {
    let house = opening::house(Settings::read()?, Clock::running()).await?;
    serve(house, |figment| figment).await
}

/// Serves a house until a signal; `adjust` may change the server's own settings. Requests under way are finished
/// (Rocket: two seconds, then one of mercy), the jobs finish their step, the database is closed.
pub async fn serve(house: House, adjust: impl FnOnce(Figment) -> Figment) -> Result<()> {
    let rocket = web::build(house.clone())?;
    let figment = adjust(rocket.figment().clone());
    let config: rocket::Config = figment.extract().map_err(not_right)?;
    let rocket = rocket.configure(figment);

    let (phase, watched) = watch::channel(jobs::Phase::Waiting);
    let jobs = jobs::spawn(&house, watched)?;
    let (lifted, empty) = (phase.clone(), house.clone());
    // The jobs start when the port is ours: a second server started by mistake sends no letters.
    let ready = AdHoc::on_liftoff("ready", move |rocket| {
        Box::pin(async move {
            let _ = lifted.send(jobs::Phase::Running);
            let c = rocket.config();
            tracing::info!(address = %c.address, port = c.port, "louyi {} is listening on http://{}:{}", env!("CARGO_PKG_VERSION"), c.address, c.port);
            // Printed, not logged: it opens an empty house, once.
            match first_links::offer(&empty).await {
                Ok(Some(token)) => person::say_first(&empty, &token),
                Ok(None) => {}
                Err(e) => tracing::error!(%e, "no first link could be made"),
            }
        })
    });
    // Rocket looks once whether connections are left, and if so waits out its whole grace; idle ones need a moment to go.
    let idle = AdHoc::on_shutdown("idle", |_| Box::pin(rocket::tokio::time::sleep(IDLE_ENDS)));
    let rocket = rocket.attach(ready).attach(idle).ignite().await.map_err(|e| not_launched(&e, &config))?;
    let told = rocket.shutdown();
    let stopping = phase.clone();
    rocket::tokio::spawn(async move {
        told.await;
        let _ = stopping.send(jobs::Phase::Stopping);
    });
    let served = rocket.launch().await;
    let _ = phase.send(jobs::Phase::Stopping);
    if rocket::tokio::time::timeout(Duration::from_millis(1500), jobs).await.is_err() {
        tracing::warn!("a job did not finish its step; what it claimed is free again in two minutes");
    }
    let outcome = match served {
        Ok(_) => Ok(()),
        // A connection that outlived grace and mercy was cut off: that is a stop, not a failure.
        Err(e) if matches!(e.kind(), ErrorKind::Shutdown(..)) => Ok(()),
        Err(e) => Err(not_launched(&e, &config)),
    };
    let _ = rocket::tokio::time::timeout(Duration::from_millis(500), house.db().clone().close()).await;
    outcome
}

fn not_right(e: rocket::figment::Error) -> Error {
    let Some(first) = e.into_iter().next() else { return Error::broken("the server's settings cannot be read") };
    match first.path.last() {
        Some(key) => Error::broken(format!("ROCKET_{} (or {key} in Rocket.toml) is not right: {}", key.to_uppercase(), first.kind)),
        None => Error::broken(format!("Rocket.toml is not right: {}", one_line(&first.kind.to_string()))),
    }
}

fn not_launched(e: &rocket::Error, config: &rocket::Config) -> Error {
    use std::io::ErrorKind as Io;
    let (address, port) = (config.address, config.port);
    Error::broken(match e.kind() {
        ErrorKind::Bind(io) => match io.kind() {
            Io::AddrInUse => format!("port {port} on {address} is taken by another program: stop it, or set ROCKET_PORT to another port"),
            Io::PermissionDenied => format!("this user may not listen on port {port}: set ROCKET_PORT to a port above 1023"),
            Io::AddrNotAvailable => format!("{address} is no address of this machine: set ROCKET_ADDRESS to one, or to 0.0.0.0 for all"),
            _ => format!("cannot listen on {address}:{port}: {io}"),
        },
        ErrorKind::Io(io) => format!("cannot listen on {address}:{port}: {io}"),
        ErrorKind::Config(e) => return not_right(e.clone()),
        other => format!("the server does not start: {other}"),
    })
}
