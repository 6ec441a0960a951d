//! Photographs drawn by code: a room in perspective with boxes in it, lit from above, with a camera's grain. No
//! foreign picture is in the binary.

use std::collections::HashMap;

use image::{ImageFormat, Rgb, RgbImage};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::kernel::error::{Error, Result};
use crate::kernel::photos::{self, Limits, Prepared};

const WIDTH: u32 = 720;
const HEIGHT: u32 = 540;
/// Pictures of each scene.
const VARIANTS: usize = 2;

/// What is on a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scene {
    Lifts,
    Gates,
    Ceiling,
    Corridor,
    Garage,
    Washroom,
    Clocks,
}

impl Scene {
    /// The scene that shows a kind of trouble.
    pub fn of(category: &str) -> Scene {
        match category.split('.').next().unwrap_or_default() {
            "lift" => Scene::Lifts,
            "access" => Scene::Gates,
            "hvac" | "air" => Scene::Ceiling,
            "park" => Scene::Garage,
            "env" if category == "env.toilet" => Scene::Washroom,
            "util" => Scene::Ceiling,
            _ => Scene::Corridor,
        }
    }
}

/// One of the pictures of a scene.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    pub scene: Scene,
    pub which: usize,
}

impl Picture {
    /// The file as a camera would have made it.
    pub fn file(self) -> Result<Vec<u8>> {
        let mut bytes = std::io::Cursor::new(vec![]);
        let drawn = draw(self.scene, (self.which % VARIANTS) as u64);
        drawn.write_to(&mut bytes, ImageFormat::Png).map_err(|e| Error::broken(e.to_string()))?;
        Ok(bytes.into_inner())
    }
}

/// Pictures, each drawn when it is first needed.
#[derive(Default)]
pub struct Album(HashMap<(Scene, usize), Prepared>);

impl Album {
    /// These pictures, as they are kept.
    pub fn all(&mut self, pictures: &[Picture]) -> Result<Vec<Prepared>> {
        pictures.iter().map(|p| self.take(*p)).collect()
    }

    fn take(&mut self, picture: Picture) -> Result<Prepared> {
        let key = (picture.scene, picture.which % VARIANTS);
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let prepared = photos::prepare(&picture.file()?, Limits::default()).map_err(|e| Error::broken(e.to_string()))?;
        self.0.insert(key, prepared.clone());
        Ok(prepared)
    }
}

type V = [f32; 3];

/// An axis-aligned box in the room.
struct Block {
    from: V,
    to: V,
    colour: V,
    /// Lights itself: a lamp, a sign, a display.
    glows: bool,
}

/// Room, camera and things; metres, x to the right, y up, z away from the camera.
struct Set {
    half_width: f32,
    height: f32,
    depth: f32,
    wall: V,
    floor: V,
    blocks: Vec<Block>,
    /// Where the camera stands across the room.
    off_centre: f32,
}

impl Set {
    fn add(&mut self, from: V, to: V, colour: V) {
        self.blocks.push(Block { from, to, colour, glows: false });
    }
    fn lamp(&mut self, from: V, to: V, colour: V) {
        self.blocks.push(Block { from, to, colour, glows: true });
    }
}

fn draw(scene: Scene, variant: u64) -> RgbImage {
    let mut chance = StdRng::seed_from_u64(variant * 97 + scene as u64);
    let set = furnish(scene, &mut chance);
    let tilt = chance.random_range(-0.03..0.03f32);
    RgbImage::from_fn(WIDTH, HEIGHT, |px, py| {
        let (x, y) = (px as f32 / WIDTH as f32 - 0.5, 0.47 - py as f32 / HEIGHT as f32);
        let direction = [x * 1.25 + y * tilt, y * 0.94 - x * tilt, 1.0];
        let colour = look(&set, [set.off_centre, 1.55, 0.0], direction);
        // Corners darker, grain everywhere, as a telephone's camera has it.
        let corner = 1.0 - 0.55 * (x * x + y * y);
        let grain = chance.random_range(-0.025..0.025f32);
        Rgb(colour.map(|c| (((c * corner + grain).clamp(0.0, 1.0)).powf(0.8) * 255.0) as u8))
    })
}

/// What a ray meets first: a block, or the room itself.
fn look(set: &Set, eye: V, ray: V) -> V {
    let (mut best, mut seen) = (f32::MAX, None);
    for b in &set.blocks {
        if let Some((t, axis)) = meets(b, eye, ray)
            && t < best
        {
            best = t;
            seen = Some((b, axis));
        }
    }
    let room = [(ray[0].signum() * set.half_width - eye[0]) / ray[0], ((if ray[1] > 0.0 { set.height } else { 0.0 }) - eye[1]) / ray[1], set.depth];
    let axis = if room[0] < room[1] && room[0] < room[2] { 0 } else { if room[1] < room[2] { 1 } else { 2 } };
    let t = room[axis].min(best);
    let p: V = std::array::from_fn(|i| eye[i] + ray[i] * t);
    let dim = 1.0 / (1.0 + 0.018 * p[2] * p[2]).sqrt();
    if let Some((b, face)) = seen
        && best <= room[axis]
    {
        let side = if b.glows { 1.25 } else { [0.72, 0.95, 0.84][face] * dim };
        return b.colour.map(|c| c * side);
    }
    let tile = |a: f32, b: f32, size: f32| if (a / size).fract().abs() < 0.025 || (b / size).fract().abs() < 0.025 { 0.82 } else { 1.0 };
    match axis {
        0 => set.wall.map(|c| c * 0.8 * dim * tile(p[2], p[1], 1.2)),
        1 if ray[1] > 0.0 => {
            // Rows of light panels in the ceiling.
            let panel = (p[0] / 1.8).rem_euclid(1.0) < 0.28 && (p[2] / 2.4).rem_euclid(1.0) < 0.5;
            if panel { [1.2, 1.2, 1.14] } else { [0.78 * dim, 0.79 * dim, 0.78 * dim] }
        }
        1 => {
            let mirrored = 0.12 * (1.0 - (p[2] / set.depth).min(1.0)) + 0.06;
            set.floor.map(|c| c * dim * tile(p[0] + 50.0, p[2], 0.8) + mirrored * dim)
        }
        _ => set.wall.map(|c| c * 0.9 * dim * tile(p[0] + 50.0, p[1], 1.2)),
    }
}

/// Distance to a box, and the axis of the face that is met.
fn meets(b: &Block, eye: V, ray: V) -> Option<(f32, usize)> {
    let (mut near, mut far, mut face) = (0.02f32, f32::MAX, 0);
    for i in 0..3 {
        let (a, c) = ((b.from[i] - eye[i]) / ray[i], (b.to[i] - eye[i]) / ray[i]);
        let (first, last) = if a < c { (a, c) } else { (c, a) };
        if first > near {
            near = first;
            face = i;
        }
        far = far.min(last);
    }
    (near < far && near > 0.02).then_some((near, face))
}

fn furnish(scene: Scene, chance: &mut StdRng) -> Set {
    let mut set = Set {
        half_width: 2.6,
        height: 3.0,
        depth: 14.0,
        wall: [0.72, 0.70, 0.66],
        floor: [0.50, 0.49, 0.47],
        blocks: vec![],
        off_centre: chance.random_range(-0.5..0.5),
    };
    match scene {
        Scene::Lifts => {
            for i in 0..4 {
                let z = 3.0 + 2.6 * i as f32;
                for side in [-1.0f32, 1.0] {
                    let (a, b) = (side * 2.6, side * 2.52);
                    set.add([a.min(b), 0.0, z], [a.max(b), 2.3, z + 1.3], [0.56, 0.57, 0.58]);
                    set.lamp([a.min(b), 2.42, z + 0.45], [a.max(b), 2.56, z + 0.85], [0.95, 0.62, 0.12]);
                }
            }
            people(&mut set, chance, 26, 2.4..13.0, 1.7);
        }
        Scene::Gates | Scene::Clocks => {
            set.half_width = 5.0;
            set.height = 4.2;
            set.floor = [0.58, 0.57, 0.54];
            for i in -3..=3 {
                let x = i as f32 * 1.25;
                set.add([x - 0.12, 0.0, 6.0], [x + 0.12, 1.0, 7.6], [0.34, 0.35, 0.37]);
                set.lamp([x - 0.05, 1.0, 6.2], [x + 0.05, 1.02, 6.6], [0.2, 0.85, 0.45]);
            }
            if scene == Scene::Clocks {
                for i in -3..=3 {
                    let x = i as f32 * 1.25 + 0.6;
                    set.add([x - 0.05, 0.0, 4.4], [x + 0.05, 1.15, 4.5], [0.2, 0.2, 0.22]);
                    set.lamp([x - 0.14, 1.15, 4.38], [x + 0.14, 1.5, 4.42], [0.55, 0.75, 0.95]);
                }
            }
            people(&mut set, chance, 14, 8.0..13.0, 3.8);
        }
        Scene::Ceiling => {
            set.depth = 9.0;
            set.wall = [0.80, 0.80, 0.78];
            for i in 0..4 {
                let (x, z) = (-1.9 + 1.25 * i as f32, 2.4 + 1.1 * i as f32);
                set.add([x, 0.0, z], [x + 1.1, 0.74, z + 0.7], [0.66, 0.60, 0.52]);
                set.add([x + 0.3, 0.74, z + 0.3], [x + 0.8, 1.12, z + 0.36], [0.12, 0.13, 0.15]);
            }
            let x = chance.random_range(-0.9..0.5);
            set.add([x, 2.9, 3.2], [x + 1.2, 3.0, 4.4], [0.20, 0.19, 0.18]);
            set.add([x + 0.2, 0.0, 3.4], [x + 0.55, 0.34, 3.75], [0.72, 0.22, 0.18]);
        }
        Scene::Corridor => {
            set.half_width = 1.3;
            set.height = 2.6;
            set.lamp([0.5, 2.2, 9.0], [1.1, 2.4, 9.05], [0.15, 0.8, 0.4]);
            for _ in 0..9 {
                let (x, z, h) = (chance.random_range(-1.2..0.5f32), chance.random_range(2.6..7.0f32), chance.random_range(0.3..1.1f32));
                set.add([x, 0.0, z], [x + 0.55, h, z + 0.5], [0.58, 0.44, 0.28]);
            }
        }
        Scene::Garage => {
            set.half_width = 6.0;
            set.height = 2.5;
            set.depth = 24.0;
            set.wall = [0.55, 0.55, 0.53];
            set.floor = [0.33, 0.36, 0.34];
            for i in 0..4 {
                let z = 4.0 + 4.5 * i as f32;
                set.add([-2.9, 0.0, z], [-2.4, 2.5, z + 0.5], [0.62, 0.60, 0.40]);
                let colour = [chance.random_range(0.2..0.75f32), chance.random_range(0.2..0.6f32), chance.random_range(0.2..0.6f32)];
                set.add([2.4, 0.25, z], [4.2, 0.95, z + 3.6], colour);
                set.add([2.55, 0.95, z + 0.8], [4.05, 1.45, z + 2.9], colour.map(|c| c * 0.5));
            }
            for i in 0..7 {
                let z = 3.4 + 0.55 * i as f32;
                set.add([-1.5, 0.15, z], [-0.3, 0.75, z + 0.12], [0.15, 0.2, 0.25]);
                set.add([-0.5, 0.75, z], [-0.42, 1.05, z + 0.35], [0.1, 0.1, 0.1]);
            }
        }
        Scene::Washroom => {
            set.half_width = 1.9;
            set.depth = 7.0;
            set.wall = [0.82, 0.85, 0.86];
            set.add([-1.9, 0.78, 2.0], [-1.35, 0.9, 5.4], [0.92, 0.92, 0.92]);
            for i in 0..3 {
                let z = 2.3 + 1.1 * i as f32;
                set.add([-1.75, 0.9, z + 0.2], [-1.6, 1.15, z + 0.26], [0.5, 0.52, 0.54]);
                set.add([0.4, 0.12, z], [1.9, 2.0, z + 0.06], [0.52, 0.60, 0.66]);
            }
            let x = chance.random_range(-0.9..-0.2f32);
            set.add([x, 0.0, 2.6], [x + 1.1, 0.012, 4.2], [0.36, 0.42, 0.46]);
        }
    }
    set
}

/// People from behind, as blocks without faces: nobody is recognisable, and nobody was there.
fn people(set: &mut Set, chance: &mut StdRng, n: usize, z: std::ops::Range<f32>, half_width: f32) {
    for _ in 0..n {
        let (x, z) = (chance.random_range(-half_width..half_width), chance.random_range(z.clone()));
        let height = chance.random_range(1.5..1.8f32);
        let shade = chance.random_range(0.08..0.4f32);
        let coat = [shade, shade * chance.random_range(0.8..1.1f32), shade * chance.random_range(0.8..1.3f32)];
        set.add([x - 0.16, 0.0, z], [x + 0.16, height * 0.5, z + 0.2], [0.1, 0.11, 0.13]);
        set.add([x - 0.23, height * 0.48, z - 0.03], [x + 0.23, height * 0.84, z + 0.22], coat);
        set.add([x - 0.09, height * 0.86, z + 0.02], [x + 0.09, height, z + 0.2], [0.08, 0.07, 0.06]);
    }
}
