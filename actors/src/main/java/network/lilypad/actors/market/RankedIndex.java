package network.lilypad.actors.market;

import network.lilypad.protocol.Defect;
import org.jspecify.annotations.Nullable;

/// Places sorted by rank, age and id, each with a [Profile]; finds the first place whose profile covers a query.
///
/// A B-tree whose every node knows the join of the profiles below it: a search goes down in rank order and leaves out
/// whole subtrees that hold nothing good enough. It costs O(log n) unless the words of a query are met by many subtrees
/// only by different places; at worst it looks at every place once. Profiles change in place, and the nodes above learn
/// of it only as far up as the join changes.
///
/// @param <P> the kind of place
final class RankedIndex<P extends Place> {
  private static final int WIDTH = Profile.WIDTH;
  /// A node this small joins a neighbour when both fit into one with a quarter to spare.
  private static final int SPARSE = Node.CAPACITY / 4;
  private static final int DENSE = Node.CAPACITY * 3 / 4;

  private final Class<P> kind;
  private final long[] before = new long[WIDTH];
  private final long[] after = new long[WIDTH];
  private Node root = Node.leaf();
  private int size;
  private long looked;

  RankedIndex(Class<P> kind) {
    this.kind = kind;
  }

  int size() {
    return size;
  }

  /// Rows looked at by all searches so far: what bounds on work are counted in.
  long looked() {
    return looked;
  }

  void insert(P place, long[] profile) {
    Defect.unless(place.leaf == null, "place: in an index already (expected: in none)");
    var leaf = leafFor(place);
    if (leaf.isFull()) {
      makeRoom(leaf);
      leaf = leafFor(place);
    }
    int index = leaf.floor(place) + 1;
    leaf.insert(index, place, profile);
    size++;
    if (index == 0) {
      leaf.lowered();
    }
    for (var node = leaf; node.parent() != null; node = node.parentOf()) {
      Profile.join(node.parentOf().rows(), node.indexInParent() * WIDTH, profile, 0);
    }
  }

  void update(P place, long[] profile) {
    var leaf = leafOf(place);
    int at = leaf.indexOf(place) * WIDTH;
    System.arraycopy(leaf.rows(), at, before, 0, WIDTH);
    System.arraycopy(profile, 0, after, 0, WIDTH);
    System.arraycopy(profile, 0, leaf.rows(), at, WIDTH);
    tellAbove(leaf);
  }

  void remove(P place) {
    var leaf = leafOf(place);
    int index = leaf.indexOf(place);
    System.arraycopy(leaf.rows(), index * WIDTH, before, 0, WIDTH);
    Profile.clear(after, 0);
    place.leaf = null;
    size--;
    take(leaf, index);
  }

  /// The first place that covers the query.
  ///
  /// @param from where to begin; null: at the first place. Need not lie in the index
  /// @param inclusive whether `from` itself may be found
  @Nullable P next(@Nullable Place from, boolean inclusive, long[] query) {
    var found = search(root, from, inclusive, query);
    return found == null ? null : kind.cast(found);
  }

  private @Nullable Place search(Node node, @Nullable Place from, boolean inclusive, long[] query) {
    int start = from == null ? 0 : start(node, from, inclusive);
    for (int i = start; i < node.size(); i++) {
      looked++;
      if (Profile.covers(node.rows(), i * WIDTH, query)) {
        if (node.isLeaf()) {
          return node.place(i);
        }
        var found = search(node.child(i), i == start ? from : null, inclusive, query);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static int start(Node node, Place from, boolean inclusive) {
    int floor = node.floor(from);
    if (!node.isLeaf()) {
      return Math.max(0, floor);
    }
    return floor >= 0 && inclusive && node.place(floor).compareTo(from) == 0 ? floor : floor + 1;
  }

  private Node leafFor(Place place) {
    var node = root;
    while (!node.isLeaf()) {
      node = node.child(Math.max(0, node.floor(place)));
    }
    return node;
  }

  private static Node leafOf(Place place) {
    var leaf = place.leaf;
    if (leaf == null) {
      throw new Defect("place: in no index (expected: in this one)");
    }
    return leaf;
  }

  private void makeRoom(Node node) {
    var parent = node.parent();
    if (parent == null) {
      root = Node.above(node);
    } else if (parent.isFull()) {
      makeRoom(parent);
    }
    node.split();
  }

  /// The row at `index` leaves; `before` holds it, `after` is the worst.
  private void take(Node node, int index) {
    node.remove(index);
    if (node.parent() == null) {
      shrinkRoot();
      return;
    }
    if (node.size() == 0) {
      take(node.parentOf(), node.indexInParent());
      return;
    }
    if (index == 0) {
      node.lowered();
    }
    tellAbove(node);
    if (node.size() < SPARSE) {
      merge(node.parentOf(), node.indexInParent());
    }
  }

  private void shrinkRoot() {
    while (!root.isLeaf() && root.size() == 1) {
      root = root.child(0);
      root.makeRoot();
    }
    if (root.size() == 0) {
      root = Node.leaf();
    }
  }

  /// Joins the sparse child with its next or else its previous sibling, if they fit.
  private void merge(Node parent, int index) {
    int left = fit(parent, index) ? index : index - 1;
    if (left < 0 || !fit(parent, left)) {
      return;
    }
    parent.child(left).takeAll(parent.child(left + 1));
    Profile.join(parent.rows(), left * WIDTH, parent.rows(), (left + 1) * WIDTH);
    parent.remove(left + 1);
    if (parent.parent() == null) {
      shrinkRoot();
    } else if (parent.size() < SPARSE) {
      merge(parent.parentOf(), parent.indexInParent());
    }
  }

  private static boolean fit(Node parent, int left) {
    return left + 1 < parent.size() && parent.child(left).size() + parent.child(left + 1).size() <= DENSE;
  }

  /// Carries the change of one row of a node, from `before` to `after`, upwards as far as joins change.
  private void tellAbove(Node changed) {
    for (var node = changed; node.parent() != null; node = node.parentOf()) {
      var above = node.parentOf().rows();
      int at = node.indexInParent() * WIDTH;
      boolean same = true;
      for (int i = 0; i < WIDTH; i++) {
        long old = above[at + i];
        long now = rejoin(i, old, node);
        before[i] = old;
        after[i] = now;
        above[at + i] = now;
        same &= old == now;
      }
      if (same) {
        return;
      }
    }
  }

  private long rejoin(int word, long join, Node node) {
    long reached = Profile.better(word, join, after[word]);
    boolean lost = Profile.better(word, before[word], after[word]) != after[word];
    boolean wasBest = word >= Profile.NUMBERS || before[word] == join;
    return lost && wasBest ? Profile.join(word, node.rows(), node.size(), reached) : reached;
  }

  /// Checks the structure; for tests.
  void validate() {
    Defect.unless(root.parent() == null, "root: has a parent (expected: none)");
    int counted = validate(root);
    Defect.unless(counted == size, "index: " + counted + " places (expected: " + size + ")");
  }

  private static int validate(Node node) {
    int counted = node.isLeaf() ? node.size() : 0;
    for (int i = 0; i < node.size(); i++) {
      Defect.unless(i == 0 || node.place(i - 1).compareTo(node.place(i)) < 0, "index: places out of order");
      if (node.isLeaf()) {
        Defect.unless(node.equals(node.place(i).leaf), "place: knows another leaf");
      } else {
        var child = node.child(i);
        Defect.unless(child.size() > 0 && node.equals(child.parent()) && node.place(i).equals(child.low()),
            "index: bad child");
        var join = child.join();
        for (int word = 0; word < WIDTH; word++) {
          Defect.unless(join[word] == node.rows()[i * WIDTH + word], "index: stale join, word " + word);
        }
        counted += validate(child);
      }
    }
    return counted;
  }
}
