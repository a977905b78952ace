package io.millrace.compute.cuda;

/** Main class of a process that a sanitizer is to end: runs a kernel that has a fault. */
final class FaultRun {
  private FaultRun() {}

  /**
   * Runs it.
   *
   * @param args the kernel's name
   */
  public static void main(String[] args) {
    Emulator.load();
    new FaultyKernels(Device.open(0)).run(args[0]);
  }
}
