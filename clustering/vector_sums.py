"""Four sums at once in compiled loops: what Numba's compiler doesn't join into one vector by itself."""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


@intrinsic
def _typed(typing_context, sums, row, column, factor, a, b, c, d):  # noqa: ARG001
    numbers = (types.float64,) * 5
    return types.void(sums, types.uintp, types.uintp, *numbers), _add_multiple


add_multiple: Any = _typed
"""In compiled loops, `add_multiple(sums, row, column, factor, a, b, c, d)` adds factor × (a, b, c, d) to
sums[row, column : column + 4]. Sums are n × m doubles in C order; nothing checks that row and column are in
range."""


def _add_multiple(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    row, column, factor, *addends = arguments[1:]
    width = cgutils.unpack_tuple(builder, array.shape)[1]
    four = ir.VectorType(ir.DoubleType(), 4)
    place = builder.gep(array.data, [builder.add(builder.mul(row, width), column)])
    place = builder.bitcast(place, four.as_pointer())
    times, added = (_vector(builder, four, values) for values in ([factor] * 4, addends))
    # May be contracted to a fused multiply-add, as the loops around it may.
    product = builder.fmul(times, added, flags=("contract",))
    builder.store(builder.fadd(builder.load(place, align=8), product, flags=("contract",)), place, align=8)
    return context.get_dummy_value()


def _vector(builder: Any, kind: Any, values: Any) -> Any:
    vector = ir.Constant(kind, ir.Undefined)
    for lane, value in enumerate(values):
        vector = builder.insert_element(vector, value, ir.Constant(ir.IntType(32), lane))
    return vector
