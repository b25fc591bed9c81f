package network.lilypad.executor.docker;

import com.github.dockerjava.api.model.Info;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an engine can hold a container to. One that lacks a control group discards the limit that needs it with a
/// warning, so that a container would run without; an engine without root has only those groups that the system hands
/// to its user. Pure.
final class EngineLimits {
  /// The library has no word for it.
  private static final String PROCESSES = "PidsLimit";

  private EngineLimits() {}

  /// Why containers cannot be held to what a job has rented, and what the machine's owner may do; empty if they can.
  ///
  /// @param info what the engine says of itself; what it does not speak of, it has
  static Optional<String> obstacle(Info info) {
    var missing = new ArrayList<String>();
    if (denied(info.getCpuCfsQuota())) {
      missing.add("processors");
    }
    if (denied(info.getMemoryLimit())) {
      missing.add("memory");
    }
    if (denied(info.getRawValues().get(PROCESSES))) {
      missing.add("processes");
    }
    return missing.isEmpty() ? Optional.empty()
        : Optional.of("it cannot limit " + String.join(", ", missing)
            + " of a container: an engine without root needs the "
            + "controllers cpu, memory and pids (systemd: Delegate=yes for user@.service, control groups version 2), any other "
            + "a kernel that has them switched on");
  }

  /// What is worth knowing and no obstacle: without an account of swap a container has its memory, and swap beside it.
  static String note(Info info) {
    return denied(info.getSwapLimit()) ? ", swap is not limited" : "";
  }

  private static boolean denied(@Nullable Object field) {
    return Boolean.FALSE.equals(field);
  }
}
