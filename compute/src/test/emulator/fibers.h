// What the driver asks of the fibers.
#pragma once
#include <functional>
#include <string>

struct dim3;

namespace emulated {
// Runs all blocks of a grid. Empty, or what a kernel did wrong.
std::string run_grid(dim3 grid, dim3 block, size_t shared_bytes, const std::function<void()>& kernel);

// Order of the threads between two barriers: 0 ascending, 1 descending, 2 shuffled anew each time.
void set_order(int which);
} // namespace emulated
