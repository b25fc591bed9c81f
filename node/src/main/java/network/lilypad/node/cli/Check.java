package network.lilypad.node.cli;

/// What `doctor` found of one thing.
///
/// @param name what was looked at
/// @param grade how it is
/// @param found in words
/// @param next what to do, empty if nothing
record Check(String name, Grade grade, String found, String next) {
  /// How a thing is.
  enum Grade {
    /// As it must be.
    OK,
    /// Not there, which is no harm.
    NOTE,
    /// Jobs will not work.
    BAD
  }

  static Check ok(String name, String found) {
    return new Check(name, Grade.OK, found, "");
  }

  static Check note(String name, String found, String next) {
    return new Check(name, Grade.NOTE, found, next);
  }

  static Check bad(String name, String found, String next) {
    return new Check(name, Grade.BAD, found, next);
  }
}
