package network.lilypad.executor.gpu;

import network.lilypad.protocol.value.GpuModel;

/// A GPU that one job at a time can have: a whole board, or one MIG slice of a board.
///
/// @param uuid its name for ever, by which it is assigned, such as `GPU-...` or `MIG-...`
/// @param board the UUID of the board it is on, its own for a whole board
/// @param vendor who made it
/// @param name the model as its driver calls it
/// @param vramMib its memory
/// @param driver the driver's version, empty if it does not say
public record Gpu(String uuid, String board, Vendor vendor, String name, int vramMib, String driver) {
  /// The longest UUID that anything in use has (`MIG-GPU-<uuid>/<gi>/<ci>` has 55), with room.
  public static final int UUID_LENGTH_MAX = 128;

  /// Who makes GPUs that we can tell.
  public enum Vendor {
    /// NVIDIA.
    NVIDIA,
    /// AMD.
    AMD,
    /// Intel.
    INTEL
  }

  /// Checks what a tool said.
  ///
  /// @throws IllegalArgumentException if it has no usable UUID, no model or no memory
  public Gpu {
    check(uuid.matches("[A-Za-z0-9][A-Za-z0-9./:_-]*") && uuid.length() <= UUID_LENGTH_MAX, "gpu uuid", uuid);
    check(vramMib > 0, "gpu memory in MiB", Integer.toString(vramMib));
    var _ = GpuModel.of(name);
  }

  private static void check(boolean holds, String subject, String value) {
    if (!holds) {
      throw new IllegalArgumentException(subject + ": " + value + " (expected: what a driver says of a GPU)");
    }
  }

  /// Whether it is a slice of a board.
  public boolean slice() {
    return !uuid.equals(board);
  }

  /// The model under which it is sold.
  public GpuModel model() {
    return GpuModel.of(name);
  }
}
