//! Each vectorised kernel beside its scalar twin.

use super::{super::quantise::Step, *};

/// Numbers that look random and are the same in every run.
struct Noise(u32);

impl Noise {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 24) as u8
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    fn reals(&mut self, count: usize) -> Vec<f32> {
        let real = |_| (f32::from(self.byte()) - 100.0) / 37.0 + f32::from(self.byte()) / 1e4;
        (0..count).map(real).collect()
    }
}

#[test]
fn products_agree_with_the_scalar_twin() {
    let mut noise = Noise(7);
    for (inputs, outputs) in [(64, 64), (64, 320), (256, 256), (1_280, 64)] {
        for rows in 0..14 {
            let packed = noise.bytes(inputs * outputs);
            let codes = noise.bytes(rows * inputs);
            let step = |_| Step {
                step: noise.reals(1)[0],
                shift: noise.reals(1)[0] * 50.0,
            };
            let steps: Vec<Step> = (0..rows).map(step).collect();
            let product = Product {
                rows: CodedRows {
                    codes: &codes,
                    steps: &steps,
                },
                packed: &packed,
                inputs,
                outputs,
                scale: 0.01,
                column_sums: &noise.reals(outputs),
            };
            let stride = outputs + 3;
            let before = noise.reals(rows * stride);
            let mut wanted = before.clone();
            scalar::add_product(&product, &mut wanted, stride);
            for kernels in Instructions::available().into_iter().map(of) {
                let mut got = before.clone();
                (kernels.add_product)(&product, &mut got, stride);
                assert_close(&got, &wanted, 1e-5, kernels.instructions.name());
            }
        }
    }
}

#[test]
fn the_largest_products_do_not_overflow() {
    let (inputs, outputs) = (8_192, 64);
    for weight in [-127i8, 127] {
        let packed = vec![weight as u8; inputs * outputs];
        let steps = [Step {
            step: 1.0,
            shift: 0.0,
        }];
        let product = Product {
            rows: CodedRows {
                codes: &vec![255; inputs],
                steps: &steps,
            },
            packed: &packed,
            inputs,
            outputs,
            scale: 1.0,
            column_sums: &[0.0; 64],
        };
        for kernels in Instructions::available().into_iter().map(of) {
            let mut out = vec![0.0; outputs];
            (kernels.add_product)(&product, &mut out, outputs);
            let wanted = 255.0 * f32::from(weight) * inputs as f32;
            assert_eq!(
                out,
                vec![wanted; outputs],
                "{}",
                kernels.instructions.name()
            );
        }
    }
}

#[test]
fn loops_over_rows_agree_with_the_scalar_twin() {
    let mut noise = Noise(11);
    for width in [1, 15, 16, 64, 100, 768] {
        let (row, other) = (noise.reals(width), noise.reals(width));
        let codes = noise.bytes(width);
        for kernels in Instructions::available().into_iter().map(of) {
            let name = kernels.instructions.name();
            let (mut got, mut wanted) = (vec![0; width], vec![0; width]);
            let step = (kernels.code)(&row, &mut got);
            assert_eq!(step, scalar::code(&row, &mut wanted), "{name}");
            assert_eq!(got, wanted, "{name}");
            let (mut high, mut low) = (vec![0; width], vec![0; width]);
            let (mut wanted_high, mut wanted_low) = (vec![0; width], vec![0; width]);
            let step = (kernels.code_long)(&row, &mut high, &mut low);
            let wanted_step = scalar::code_long(&row, &mut wanted_high, &mut wanted_low);
            assert_eq!((step, high, low), (wanted_step, wanted_high, wanted_low));
            let (mut got, mut wanted) = (row.clone(), row.clone());
            (kernels.normalise)(&mut got, &other, &row, 1e-12);
            scalar::normalise(&mut wanted, &other, &row, 1e-12);
            assert_close(&got, &wanted, 1e-5, name);
            (kernels.rectify_and_add)(&mut got, &other);
            scalar::rectify_and_add(&mut wanted, &other);
            assert_close(&got, &wanted, 1e-5, name);
            (kernels.dequantise)(&codes, 0.25, -3.0, &mut got);
            scalar::dequantise(&codes, 0.25, -3.0, &mut wanted);
            assert_close(&got, &wanted, 1e-6, name);
        }
    }
}

#[test]
fn codes_are_within_half_a_step_of_their_numbers() {
    let row = Noise(3).reals(300);
    let mut codes = vec![0; row.len()];
    let step = scalar::code(&row, &mut codes);
    for (real, code) in row.iter().zip(&codes) {
        let read = step * (f32::from(*code) - 128.0);
        assert!((read - real).abs() <= step * 0.5001, "{real} became {read}");
    }
    let (mut high, mut low) = (vec![0; row.len()], vec![0; row.len()]);
    let step = scalar::code_long(&row, &mut high, &mut low);
    for (real, (high, low)) in row.iter().zip(high.iter().zip(&low)) {
        let code = f32::from(u16::from_be_bytes([*high, *low]));
        let read = step * (code - 32_768.0);
        assert!((read - real).abs() <= step * 0.6, "{real} became {read}");
    }
}

#[test]
fn a_row_of_zeros_stays_zero() {
    for kernels in Instructions::available().into_iter().map(of) {
        let mut codes = [7; 64];
        let step = (kernels.code)(&[0.0; 64], &mut codes);
        assert!(
            codes
                .iter()
                .all(|code| step * (f32::from(*code) - 128.0) == 0.0)
        );
    }
}

fn assert_close(got: &[f32], wanted: &[f32], relative: f32, name: &str) {
    let largest = wanted
        .iter()
        .fold(1.0f32, |largest, real| largest.max(real.abs()));
    for (got, wanted) in got.iter().zip(wanted) {
        assert!(
            (got - wanted).abs() <= relative * largest,
            "{name}: {got}, want {wanted}"
        );
    }
}
