package network.lilypad.actors.market;

import java.util.Arrays;
import network.lilypad.protocol.Defect;
import org.jspecify.annotations.Nullable;

/// A node of a [RankedIndex]: sorted places in a leaf, sorted children above, and for each its profile in one array, so
/// that looking through a node touches one stretch of memory.
final class Node {
  /// Places or children of one node. Measured: 32 to 64 cost the same, fewer more.
  static final int CAPACITY = 32;
  private static final int WIDTH = Profile.WIDTH;
  private static final Place VACANT = new Place(0, 0) {
    @Override int compareIds(Place other) {
      return 0;
    }
  };
  private static final Node[] NONE = {};

  private final boolean leaf;
  private final Place[] lows = new Place[CAPACITY];
  private final Node[] children;
  private final long[] rows = new long[CAPACITY * WIDTH];
  private int size;
  private @Nullable Node parent;

  private Node(boolean leaf) {
    this.leaf = leaf;
    this.children = leaf ? NONE : new Node[CAPACITY];
  }

  static Node leaf() {
    return new Node(true);
  }

  /// A root above one child.
  static Node above(Node child) {
    var root = new Node(false);
    root.insert(0, child.low(), child, child.join());
    return root;
  }

  boolean isLeaf() { return leaf; }

  boolean isFull() { return size == CAPACITY; }

  int size() {
    return size;
  }

  @Nullable Node parent() {
    return parent;
  }

  /// The place in a leaf.
  Place place(int index) {
    return lows[index];
  }

  Node child(int index) {
    return children[index];
  }

  long[] rows() {
    return rows;
  }

  /// The first place in or below.
  Place low() {
    return lows[0];
  }

  /// Where the place is, or where its child is: the last that is not after it; -1 if all are after it.
  int floor(Place place) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (lows[middle].compareTo(place) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  int indexOf(Place place) {
    for (int i = 0; i < size; i++) {
      if (lows[i].equals(place)) {
        return i;
      }
    }
    throw new Defect("place: not in its leaf (expected: there)");
  }

  int indexInParent() {
    var above = parentOf();
    for (int i = 0; i < above.size; i++) {
      if (above.children[i] == this) {
        return i;
      }
    }
    throw new Defect("node: not in its parent (expected: there)");
  }

  Node parentOf() {
    var above = parent;
    if (above == null) {
      throw new Defect("node: has no parent (expected: one)");
    }
    return above;
  }

  void makeRoot() {
    parent = null;
  }

  void insert(int index, Place place, long[] row) {
    open(index, place, row);
    place.leaf = this;
  }

  private void insert(int index, Place low, Node child, long[] row) {
    open(index, low, row);
    System.arraycopy(children, index, children, index + 1, size - 1 - index);
    children[index] = child;
    child.parent = this;
  }

  private void open(int index, Place low, long[] row) {
    System.arraycopy(lows, index, lows, index + 1, size - index);
    System.arraycopy(rows, index * WIDTH, rows, (index + 1) * WIDTH, (size - index) * WIDTH);
    lows[index] = low;
    System.arraycopy(row, 0, rows, index * WIDTH, WIDTH);
    size++;
  }

  void remove(int index) {
    size--;
    System.arraycopy(lows, index + 1, lows, index, size - index);
    System.arraycopy(rows, (index + 1) * WIDTH, rows, index * WIDTH, (size - index) * WIDTH);
    lows[size] = VACANT;
    if (!leaf) {
      System.arraycopy(children, index + 1, children, index, size - index);
      children[size] = this;
    }
  }

  /// Moves the later half to a new sibling. The parent must have room.
  void split() {
    var right = new Node(leaf);
    int half = size / 2;
    right.take(this, half);
    Arrays.fill(lows, half, size, VACANT);
    if (!leaf) {
      Arrays.fill(children, half, size, this);
    }
    size = half;
    int index = indexInParent();
    parentOf().insert(index + 1, right.low(), right, right.join());
    System.arraycopy(join(), 0, parentOf().rows, index * WIDTH, WIDTH);
  }

  /// Takes everything of the next sibling, which is left empty. There must be room.
  void takeAll(Node next) {
    take(next, 0);
    next.size = 0;
  }

  private void take(Node other, int from) {
    int count = other.size - from;
    System.arraycopy(other.lows, from, lows, size, count);
    System.arraycopy(other.rows, from * WIDTH, rows, size * WIDTH, count * WIDTH);
    if (!leaf) {
      System.arraycopy(other.children, from, children, size, count);
    }
    for (int i = size; i < size + count; i++) {
      if (leaf) {
        lows[i].leaf = this;
      } else {
        children[i].parent = this;
      }
    }
    size += count;
  }

  /// Tells the nodes above that the first place has changed.
  void lowered() {
    for (var node = this; node.parent != null && node.size > 0; node = node.parent) {
      int index = node.indexInParent();
      node.parent.lows[index] = node.low();
      if (index > 0) {
        return;
      }
    }
  }

  /// The join of all rows.
  long[] join() {
    var all = new long[WIDTH];
    Profile.clear(all, 0);
    for (int i = 0; i < size; i++) {
      Profile.join(all, 0, rows, i * WIDTH);
    }
    return all;
  }
}
