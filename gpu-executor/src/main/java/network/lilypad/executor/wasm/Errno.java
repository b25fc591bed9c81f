package network.lilypad.executor.wasm;

/// The error numbers of WASI preview 1 that guests of this sandbox can meet.
enum Errno {
  SUCCESS(0), ACCES(2), BADF(8), EXIST(20), ILSEQ(25), INVAL(28), ISDIR(31), MFILE(33), NAMETOOLONG(37), NOENT(
      44), NOSYS(52), NOTDIR(
          54), NOTEMPTY(55), NOTSOCK(57), NOTSUP(58), PERM(63), ROFS(69), SPIPE(70), XDEV(75), NOTCAPABLE(76);

  private final int code;

  Errno(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /// The refusal of a system call with this number.
  Refusal refusal() {
    return new Refusal(this);
  }

  /// A system call that ends with an error number, which the guest gets to see. Cheap: guests may provoke it in a loop.
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Errno errno;

    private Refusal(Errno errno) {
      super(errno.name(), null, false, false);
      this.errno = errno;
    }

    Errno errno() {
      return errno;
    }
  }
}
