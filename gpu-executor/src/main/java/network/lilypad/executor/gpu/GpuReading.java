package network.lilypad.executor.gpu;

/// What a probe saw of one GPU.
///
/// @param gpu which
/// @param load how busy it is
/// @param uncorrectedErrors memory errors that ECC could not correct since the driver was loaded, 0 if it does not
///     count
/// @param fault what is wrong with it now, empty if nothing is
public record GpuReading(Gpu gpu, Load load, long uncorrectedErrors, String fault) {
  /// A GPU that does well.
  public static GpuReading well(Gpu gpu, Load load) {
    return new GpuReading(gpu, load, 0, "");
  }

  /// How busy a GPU is.
  ///
  /// @param percent of the time in which it computed, 0 to 100, or [#UNSAID]
  /// @param usedMib memory in use, or [#UNSAID]
  public record Load(int percent, long usedMib) {
    /// Not known, which is not nothing.
    public static final int UNSAID = -1;
    /// It says nothing.
    public static final Load UNKNOWN = new Load(UNSAID, UNSAID);

    /// Keeps what a tool said within its bounds.
    public Load {
      percent = Math.clamp(percent, UNSAID, 100);
      usedMib = Math.max(UNSAID, usedMib);
    }
  }
}
