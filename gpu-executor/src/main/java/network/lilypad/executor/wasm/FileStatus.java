package network.lilypad.executor.wasm;

import network.lilypad.executor.wasm.Descriptor.Input;
import network.lilypad.executor.wasm.Descriptor.OpenFile;
import network.lilypad.executor.wasm.Descriptor.OpenFolder;
import network.lilypad.executor.wasm.Descriptor.Output;

/// What a guest is told of a file: type, size and identity. Times are always the start of the guest's time.
final class FileStatus {
  static final int BYTES = 64;

  private static final int TERMINAL = 2;
  private static final int FOLDER = 3;
  private static final int FILE = 4;

  private FileStatus() {}

  static int type(Node node) {
    return node instanceof Folder ? FOLDER : FILE;
  }

  /// Streams are terminals, so that guests flush them by line and the live log is live.
  static int type(Descriptor descriptor) {
    return switch (descriptor) {
      case Input _,Output _ -> TERMINAL;
      case OpenFolder _ -> FOLDER;
      case OpenFile _ -> FILE;
    };
  }

  static void write(Frame frame, int at, Node node) {
    frame.clear(at, BYTES);
    frame.writeLong(at + 8, node.inode());
    frame.writeByte(at + 16, type(node));
    frame.writeLong(at + 24, 1);
    frame.writeLong(at + 32, node instanceof Node.File file ? file.size() : 0);
    for (int time = 40; time < BYTES; time += 8) {
      frame.writeLong(at + time, ProcessCalls.EPOCH_NANOS);
    }
  }
}
