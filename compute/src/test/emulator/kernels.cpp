// Every kernel's own source, compiled for the CPU. A kernel that is not listed here cannot be launched on the emulated device.
#include "kernels.h"

#include <type_traits>
#include <utility>

#include "mlp.cu"
#include "noise.cu"
#include "langevin.cu"
#include "lasso.cu"
#include "products.cu"
#include "sor.cu"
#include "faults.cu"

namespace {
template <auto F>
struct Unpack;

template <class... A, void (*F)(A...)>
struct Unpack<F> {
  template <size_t... I>
  static void go(void** p, std::index_sequence<I...>) {
    F(*static_cast<std::remove_const_t<A>*>(p[I])...);
  }
  static void call(void** p) { go(p, std::index_sequence_for<A...>{}); }
  static size_t size_of(int i) {
    const size_t sizes[] = {sizeof(A)...};
    return sizes[i];
  }
  static constexpr KernelEntry entry(const char* name) { return {name, (int)sizeof...(A), &size_of, &call}; }
};
} // namespace

#define KERNEL(name) Unpack<&name>::entry(#name)

const KernelEntry KERNELS[] = {
    KERNEL(product), KERNEL(lasso_codes), KERNEL(langevin_regression), KERNEL(sor),
    KERNEL(mlp_gradient),        KERNEL(philox_normals),        KERNEL(strict_functions),    KERNEL(sum_of_block),
    KERNEL(fault_no_barrier),    KERNEL(fault_no_second_barrier), KERNEL(fault_no_warp_barrier), KERNEL(fault_no_second_warp_barrier),
    KERNEL(fault_no_barrier_between_phases), KERNEL(fault_index_off),     KERNEL(fault_barrier_in_branch),
    KERNEL(fault_barrier_after_return),      KERNEL(fault_blocks_race),   KERNEL(fault_uninitialized),
};
const int KERNEL_COUNT = sizeof KERNELS / sizeof KERNELS[0];
