//! Which addresses may be called. What is not plainly on the open internet is refused (the registries of RFC 6890 and their
//! later entries); an address within an address is looked at as well.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The open internet only.
    Public,
    /// Also networks of an organisation's own: the operator has named the host.
    Named,
    /// Also this machine: the operator has named it.
    Here,
}

/// Services that tell a machine in a cloud its secrets.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// What kind of address this is, if nothing may be sent to it.
pub fn forbidden(ip: IpAddr, reach: Reach) -> Option<&'static str> {
    if METADATA.contains(&ip) {
        return Some("a metadata service");
    }
    match ip {
        IpAddr::V4(ip) => v4(ip, reach),
        IpAddr::V6(ip) => match within(ip) {
            Some(inner) => forbidden(IpAddr::V4(inner), reach),
            None => v6(ip, reach),
        },
    }
}

fn v4(ip: Ipv4Addr, reach: Reach) -> Option<&'static str> {
    let own = |why| (reach == Reach::Public).then_some(why);
    match ip.octets() {
        [127, ..] => (reach != Reach::Here).then_some("this machine"),
        [0, ..] => Some("no host"),
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => own("a private network"),
        [100, 64..=127, ..] => own("a carrier's own network"),
        [169, 254, ..] => Some("a link of this machine"),
        [192, 0, 0, _] | [192, 0, 2, _] | [192, 88, 99, _] | [198, 18..=19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Some("a reserved network"),
        [224..=239, ..] => Some("a group of hosts"),
        [240..=255, ..] => Some("a reserved network"),
        _ => None,
    }
}

fn v6(ip: Ipv6Addr, reach: Reach) -> Option<&'static str> {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => (reach != Reach::Here).then_some("this machine"),
        [0xfc00..=0xfdff, ..] => (reach == Reach::Public).then_some("a private network"),
        [0xfe80..=0xfeff, ..] => Some("a link of this machine"),
        [0xff00..=0xffff, ..] => Some("a group of hosts"),
        [0x2001, 0x0000..=0x01ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0x0000..=0x0fff, ..] => Some("a reserved network"),
        // Only this part is given out to hosts.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("no host"),
    }
}

/// The IPv4 address that an IPv6 address carries: mapped, compatible, by NAT64, 6to4.
fn within(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |a: u16, b: u16| Some(Ipv4Addr::from((u32::from(a) << 16) | u32::from(b)));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0..=1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, a, b] | [0, 0, 0, 0, 0xffff, 0, a, b] => of(a, b),
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..] => of(a, b),
        _ => None,
    }
}
