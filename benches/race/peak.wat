;; What this machine's simd128 can do at most: twelve independent sums in registers, each the product
;; of itself and a factor plus a term. A pass is 12 x 4 lanes x 2 operations = 96.
(module
  (func (export "run") (param $passes i32) (param $by f32) (param $plus f32) (result f32)
    (local $f v128) (local $t v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $g v128) (local $h v128) (local $i v128)
    (local $j v128) (local $k v128) (local $l v128) (local $m v128)
    (local.set $f (f32x4.splat (local.get $by)))
    (local.set $t (f32x4.splat (local.get $plus)))
    ;; Unlike starts, or all would be one sum.
    (local.set $a (f32x4.splat (f32.const 0.01)))
    (local.set $b (f32x4.splat (f32.const 0.02)))
    (local.set $c (f32x4.splat (f32.const 0.03)))
    (local.set $d (f32x4.splat (f32.const 0.04)))
    (local.set $e (f32x4.splat (f32.const 0.05)))
    (local.set $g (f32x4.splat (f32.const 0.06)))
    (local.set $h (f32x4.splat (f32.const 0.07)))
    (local.set $i (f32x4.splat (f32.const 0.08)))
    (local.set $j (f32x4.splat (f32.const 0.09)))
    (local.set $k (f32x4.splat (f32.const 0.10)))
    (local.set $l (f32x4.splat (f32.const 0.11)))
    (local.set $m (f32x4.splat (f32.const 0.12)))
    (loop $again
      (local.set $a (f32x4.add (f32x4.mul (local.get $a) (local.get $f)) (local.get $t)))
      (local.set $b (f32x4.add (f32x4.mul (local.get $b) (local.get $f)) (local.get $t)))
      (local.set $c (f32x4.add (f32x4.mul (local.get $c) (local.get $f)) (local.get $t)))
      (local.set $d (f32x4.add (f32x4.mul (local.get $d) (local.get $f)) (local.get $t)))
      (local.set $e (f32x4.add (f32x4.mul (local.get $e) (local.get $f)) (local.get $t)))
      (local.set $g (f32x4.add (f32x4.mul (local.get $g) (local.get $f)) (local.get $t)))
      (local.set $h (f32x4.add (f32x4.mul (local.get $h) (local.get $f)) (local.get $t)))
      (local.set $i (f32x4.add (f32x4.mul (local.get $i) (local.get $f)) (local.get $t)))
      (local.set $j (f32x4.add (f32x4.mul (local.get $j) (local.get $f)) (local.get $t)))
      (local.set $k (f32x4.add (f32x4.mul (local.get $k) (local.get $f)) (local.get $t)))
      (local.set $l (f32x4.add (f32x4.mul (local.get $l) (local.get $f)) (local.get $t)))
      (local.set $m (f32x4.add (f32x4.mul (local.get $m) (local.get $f)) (local.get $t)))
      (br_if $again (local.tee $passes (i32.sub (local.get $passes) (i32.const 1)))))
    ;; All are used, or they would not be computed.
    (f32x4.extract_lane 0
      (f32x4.add
        (f32x4.add
          (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d)))
          (f32x4.add (f32x4.add (local.get $e) (local.get $g)) (f32x4.add (local.get $h) (local.get $i))))
        (f32x4.add (f32x4.add (local.get $j) (local.get $k)) (f32x4.add (local.get $l) (local.get $m)))))))
