// Fibers, barriers and shared memory behind cuda_on_cpu.h. Compiled without a sanitizer even where the kernels have one: what is done here for
// the kernels is no access of theirs.
#include "fibers.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "cuda_on_cpu.h"

#ifdef LANE_ADDRESS
extern "C" void __sanitizer_start_switch_fiber(void** save, const void* bottom, size_t size);
extern "C" void __sanitizer_finish_switch_fiber(void* save, const void** bottom, size_t* size);
#endif
#ifdef LANE_THREAD
extern "C" void* __tsan_get_current_fiber(void);
extern "C" void* __tsan_create_fiber(unsigned flags);
extern "C" void __tsan_destroy_fiber(void* fiber);
extern "C" void __tsan_switch_to_fiber(void* fiber, unsigned flags);
extern "C" void __tsan_acquire(void* at);
extern "C" void __tsan_release(void* at);
#endif

// Saves the callee's registers on the stack at hand and goes on with another stack.
extern "C" void emulated_switch(void** save, void* to);
asm(R"(
.text
.globl emulated_switch
.type emulated_switch,@function
emulated_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size emulated_switch,.-emulated_switch
)");

namespace emulated {
dim3 thread_index, block_index, block_size, grid_size;

namespace {
constexpr size_t STACK = 64 * 1024;

enum Wait { RUNS, AT_BLOCK_BARRIER, AT_WARP_BARRIER, ENDED };

struct Fiber {
  void* top = nullptr;
  char* stack = nullptr;
  Wait wait = ENDED;
  int line = 0;
  unsigned mask = 0;
  uint64_t value = 0;
  void* race = nullptr; // its own fiber of the thread sanitizer
  unsigned met_by_block = 0, met_by_warp = 0; // barriers, for the signs
};

struct Shared {
  int site;
  void* memory;
};

std::vector<Fiber> fibers;
std::vector<int> order;
std::vector<Shared> sites;
// Addresses that the thread sanitizer orders by. A barrier has another sign than the next one: who comes late from the first would else be
// ordered behind whoever has already reached the second.
std::vector<char> warp_signs;
char block_signs[2];
[[maybe_unused]] char grid_sign;
void* dynamic = nullptr;
size_t dynamic_bytes = 0;
int current = -1;
int chosen_order = 0;
uint64_t shuffles = 88172645463325252ULL;
void* scheduler = nullptr;
[[maybe_unused]] void* scheduler_race = nullptr;
const std::function<void()>* body = nullptr;
std::string fault;

#ifdef LANE_ADDRESS
const void* scheduler_bottom;
size_t scheduler_size;
#endif

void* filled(size_t bytes) {
  // An exact allocation: the address sanitizer knows its end, and a value that nobody has written is not a number.
  void* memory = std::malloc(bytes ? bytes : 1);
  std::memset(memory, 0xff, bytes);
  return memory;
}

void place(int thread) {
  current = thread;
  unsigned t = (unsigned)thread;
  thread_index = {t % block_size.x, t / block_size.x % block_size.y, t / (block_size.x * block_size.y)};
}

void to_scheduler(bool ends) {
  Fiber& f = fibers[current];
#ifdef LANE_ADDRESS
  void* save = nullptr;
  __sanitizer_start_switch_fiber(ends ? nullptr : &save, scheduler_bottom, scheduler_size);
#endif
#ifdef LANE_THREAD
  __tsan_switch_to_fiber(scheduler_race, 1);
#endif
  emulated_switch(&f.top, scheduler);
#ifdef LANE_ADDRESS
  __sanitizer_finish_switch_fiber(save, nullptr, nullptr);
#endif
  (void)ends;
}

void enter() {
#ifdef LANE_ADDRESS
  __sanitizer_finish_switch_fiber(nullptr, &scheduler_bottom, &scheduler_size);
#endif
  (*body)();
  fibers[current].wait = ENDED;
#ifdef LANE_THREAD
  __tsan_release(&grid_sign); // a later launch comes after this one; blocks of one launch do not
#endif
  to_scheduler(true);
  std::abort(); // an ended fiber is never gone on with
}

void resume(int thread) {
  Fiber& f = fibers[thread];
  place(thread);
#ifdef LANE_ADDRESS
  void* save = nullptr;
  __sanitizer_start_switch_fiber(&save, f.stack, STACK);
#endif
#ifdef LANE_THREAD
  __tsan_switch_to_fiber(f.race, 1);
#endif
  emulated_switch(&scheduler, f.top);
#ifdef LANE_ADDRESS
  __sanitizer_finish_switch_fiber(save, nullptr, nullptr);
#endif
}

void prepare(Fiber& f) {
#ifdef LANE_THREAD
  // A stack that other fibers have had would order their accesses, or make up races.
  if (f.stack != nullptr) {
    munmap(f.stack, STACK);
    f.stack = nullptr;
  }
  f.race = __tsan_create_fiber(0);
#endif
  if (f.stack == nullptr) {
    f.stack = static_cast<char*>(mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (f.stack == MAP_FAILED) {
      std::perror("emulated fibers: no memory for a stack");
      std::abort();
    }
  }
  // As emulated_switch finds it: six registers, then where to go; the stack is 8 off a multiple of 16 there, as behind a call.
  void** top = reinterpret_cast<void**>(f.stack + STACK);
  *--top = nullptr;
  *--top = reinterpret_cast<void*>(&enter);
  for (int i = 0; i < 6; i++) {
    *--top = nullptr;
  }
  f.top = top;
  f.wait = RUNS;
  f.line = 0;
  f.met_by_block = f.met_by_warp = 0;
}

std::string where(int thread) {
  return "block " + std::to_string(block_index.x) + ", thread " + std::to_string(thread) + ", line " + std::to_string(fibers[thread].line);
}

// Lets go on whoever has met all those it waits for; false where nobody has.
bool release(int threads) {
  int waiting = 0, ended = 0, ahead = -1;
  for (int t = 0; t < threads; t++) {
    if (fibers[t].wait == AT_BLOCK_BARRIER) {
      if (ahead >= 0 && fibers[t].line != fibers[ahead].line) {
        fault = "threads of a block at different barriers: " + where(ahead) + " and " + where(t);
        return false;
      }
      ahead = t;
      waiting++;
    }
    ended += fibers[t].wait == ENDED;
  }
  if (waiting > 0 && ended > 0) {
    fault = "a barrier that threads have ended before: " + where(ahead);
    return false;
  }
  if (waiting == threads) {
    for (int t = 0; t < threads; t++) {
      fibers[t].wait = RUNS;
    }
    return true;
  }
  bool any = false;
  for (int first = 0; first < threads; first += 32) {
    int last = std::min(threads, first + 32);
    for (int t = first; t < last; t++) {
      if (fibers[t].wait != AT_WARP_BARRIER) {
        continue;
      }
      unsigned mask = fibers[t].mask, met = 0;
      for (int u = first; u < last; u++) {
        if (fibers[u].wait == AT_WARP_BARRIER && fibers[u].line == fibers[t].line && fibers[u].mask == mask) {
          met |= 1u << (u - first);
        }
      }
      if (met == mask || (mask == 0xffffffffu && last - first < 32 && met == (1u << (last - first)) - 1)) {
        for (int u = first; u < last; u++) {
          if (met >> (u - first) & 1) {
            fibers[u].wait = RUNS;
          }
        }
        any = true;
      }
    }
  }
  if (!any) {
    for (int t = 0; t < threads; t++) {
      if (fibers[t].wait == AT_WARP_BARRIER) {
        fault = "lanes that wait for others of their warp for ever: " + where(t);
        return false;
      }
    }
    if (waiting > 0) {
      fault = "a barrier that not all threads reach: " + where(ahead);
    }
  }
  return any;
}

void arrange(int threads) {
  order.resize(threads);
  for (int t = 0; t < threads; t++) {
    order[t] = chosen_order == 1 ? threads - 1 - t : t;
  }
  if (chosen_order == 2) {
    for (int t = threads - 1; t > 0; t--) {
      shuffles ^= shuffles << 13;
      shuffles ^= shuffles >> 7;
      shuffles ^= shuffles << 17;
      std::swap(order[t], order[shuffles % (unsigned)(t + 1)]);
    }
  }
}

void wait(Wait for_whom, int line, unsigned mask, [[maybe_unused]] void* sign) {
  Fiber& f = fibers[current];
  f.wait = for_whom;
  f.line = line;
  f.mask = mask;
#ifdef LANE_THREAD
  __tsan_release(sign);
#endif
  to_scheduler(false);
#ifdef LANE_THREAD
  __tsan_acquire(sign);
#endif
}

void* sign_of_block() { return &block_signs[fibers[current].met_by_block++ & 1]; }

void* sign_of_warp() { return &warp_signs[current / 32 * 2 + (fibers[current].met_by_warp++ & 1)]; }
} // namespace

void set_order(int which) { chosen_order = which; }

void block_barrier(int line) { wait(AT_BLOCK_BARRIER, line, 0, sign_of_block()); }

void warp_barrier(unsigned mask, int line) { wait(AT_WARP_BARRIER, line, mask, sign_of_warp()); }

void exchange(unsigned mask, uint64_t value, int line) {
  fibers[current].value = value;
  warp_barrier(mask, line);
}

uint64_t of_lane(int lane) {
  size_t of = (size_t)(current / 32 * 32 + lane);
  return of < fibers.size() ? fibers[of].value : 0;
}

unsigned lanes_with_true(unsigned mask) {
  unsigned all = 0;
  int first = current / 32 * 32;
  int last = std::min(first + 32, (int)(block_size.x * block_size.y * block_size.z));
  for (int t = first; t < last; t++) {
    if ((mask >> (t - first) & 1) && fibers[t].value) {
      all |= 1u << (t - first);
    }
  }
  return all;
}

// Nobody puts a new value before all have read the old ones. Its line is told apart from that of the exchange.
void end_exchange(unsigned mask, int line) { warp_barrier(mask, -line); }

int lane() { return current % 32; }

void* shared(int site, size_t bytes) {
  for (Shared& s : sites) {
    if (s.site == site) {
      return s.memory;
    }
  }
  sites.push_back({site, filled(bytes)});
  return sites.back().memory;
}

void* dynamic_shared() {
  if (dynamic == nullptr) {
    dynamic = filled(dynamic_bytes);
  }
  return dynamic;
}

std::string run_grid(dim3 grid, dim3 block, size_t shared_bytes, const std::function<void()>& kernel) {
  int threads = (int)(block.x * block.y * block.z);
  grid_size = grid;
  block_size = block;
  dynamic_bytes = shared_bytes;
  body = &kernel;
  fault.clear();
  if ((int)fibers.size() < threads) {
    fibers.resize(threads);
  }
  warp_signs.resize(2 * (threads / 32 + 1));
#ifdef LANE_THREAD
  scheduler_race = __tsan_get_current_fiber();
#endif
  uint64_t blocks = (uint64_t)grid.x * grid.y * grid.z;
  for (uint64_t i = 0; i < blocks && fault.empty(); i++) {
    // Blocks have no order among them: another one shows a race between them in the values.
    uint64_t b = chosen_order == 0 ? i : blocks - 1 - i;
    block_index = {(unsigned)(b % grid.x), (unsigned)(b / grid.x % grid.y), (unsigned)(b / grid.x / grid.y)};
        for (int t = 0; t < threads; t++) {
          prepare(fibers[t]);
        }
        while (fault.empty()) {
          arrange(threads);
          bool all_ended = true;
          for (int t : order) {
            if (fibers[t].wait == RUNS) {
              resume(t);
            }
            all_ended &= fibers[t].wait == ENDED;
          }
          if (all_ended || !release(threads)) {
            break;
          }
        }
#ifdef LANE_THREAD
        for (int t = 0; t < threads; t++) {
          __tsan_destroy_fiber(fibers[t].race);
        }
#endif
        for (Shared& s : sites) {
          std::free(s.memory);
        }
        sites.clear();
        std::free(dynamic);
        dynamic = nullptr;
  }
#ifdef LANE_THREAD
  __tsan_acquire(&grid_sign);
#endif
  return fault;
}
} // namespace emulated
