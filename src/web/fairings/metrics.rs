//! Figures for Prometheus: requests by route and status, and how long they took. Labels are routes, never addresses.

use prometheus::{Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};

use crate::kernel::error::{Error, Result};

/// The counters of this process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

impl Metrics {
    /// Fresh counters.
    pub fn new() -> Result<Self> {
        let broken = |e: prometheus::Error| Error::Broken(Box::new(e));
        let registry = Registry::new();
        let requests =
            IntCounterVec::new(Opts::new("louyi_requests_total", "Requests by route and status"), &["method", "route", "status"]).map_err(broken)?;
        let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        let seconds =
            HistogramVec::new(HistogramOpts::new("louyi_request_seconds", "Seconds per request by route").buckets(buckets), &["method", "route"])
                .map_err(broken)?;
        registry.register(Box::new(requests.clone())).map_err(broken)?;
        registry.register(Box::new(seconds.clone())).map_err(broken)?;
        Ok(Self { registry, requests, seconds })
    }

    /// Counts one request.
    pub fn count(&self, method: &str, route: &str, status: u16, seconds: f64) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[method, route]).observe(seconds);
    }

    /// In Prometheus' text format.
    pub fn text(&self) -> Result<String> {
        let mut out = vec![];
        TextEncoder::new().encode(&self.registry.gather(), &mut out).map_err(|e| Error::Broken(Box::new(e)))?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }
}
