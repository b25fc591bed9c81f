/// The machine's GPUs: what is there, how it does, and which of it may be sold.
///
/// A [GpuProbe] reads one vendor's driver or tool; [GpuProbes] finds those that answer here; [GpuWatch] asks them again
/// and again; [GpuFleet] is the pure memory of what they said, and fences a GPU that is lost, faulty or silent.
@NullMarked
package network.lilypad.executor.gpu;

import org.jspecify.annotations.NullMarked;
