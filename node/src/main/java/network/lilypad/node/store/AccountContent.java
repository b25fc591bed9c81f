package network.lilypad.node.store;

import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.lilypad.protocol.content.BlockSink;
import network.lilypad.protocol.content.BlockSource;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ContentException;
import network.lilypad.protocol.content.UnixFsReader;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;

/// The store as one account sees it: only what it has brought itself is there, and what its own jobs made. Names of
/// content are no secrets, as results are named on public chains; whoever knows one could otherwise build a tree of
/// other people's blocks, say that it is its own and have it handed out.
///
/// What several accounts bring is stored once. Thread-safe. Blocks the calling thread.
public final class AccountContent {
  private final ContentStore store;
  private final BroughtRows brought;
  private final BlockSource origin;

  AccountContent(ContentStore store, BroughtRows brought, BlockSource origin) {
    this.store = store;
    this.brought = brought;
    this.origin = origin;
  }

  /// Begins to store content that comes in pieces.
  ///
  /// @param digest its sha2-256
  /// @param most its largest size in bytes
  public Upload upload(Bytes32 digest, long most) {
    return new Upload(store, digest, most, () -> brought.add(List.of(digest)));
  }

  /// Stores blocks, all at once, as [ContentStore#putBlocks].
  ///
  /// @return how many were new to the store
  public int putBlocks(List<ContentStore.Named> blocks) {
    int stored = store.putBlocks(blocks);
    brought.add(blocks.stream().map(named -> named.cid().digest()).toList());
    return stored;
  }

  /// Those of the digests that the account need not bring again, for half the retention at least.
  public Set<Bytes32> known(Collection<Bytes32> digests) {
    return store.known(brought.among(digests));
  }

  /// Whether the account has brought this.
  public boolean contains(Bytes32 digest) {
    return brought.size(digest).isPresent();
  }

  /// A tree that the account may read, if it is still here: one that was found whole by [#requireTree],
  /// [#requireInputs] or [#share].
  public Optional<ContentStore.Tree> tree(Bytes32 root) {
    return brought.tree(root) ? store.tree(root) : Optional.empty();
  }

  /// Makes sure that the account has brought every block of a tree, and remembers it.
  ///
  /// @throws ContentException whatever is wrong or missing, or more than the tree limits
  public ContentStore.Tree requireTree(Bytes32 root) {
    return require(root, _ -> Optional.empty());
  }

  /// As [#requireTree], but what the account has not brought may also come from the origin, which has it for everybody:
  /// block by block, checked and bounded.
  ///
  /// @throws ContentException whatever is wrong or missing, or more than the tree limits
  public ContentStore.Tree requireInputs(Bytes32 root) {
    return require(root, this::fetched);
  }

  /// Whether a tree that the account may read has a file or folder at a path.
  ///
  /// @throws ContentException if it may not read it
  public boolean has(Bytes32 root, String path) {
    requireTree(root);
    return UnixFsReader.has(store, Cid.ofDirectory(root), path);
  }

  /// Lets another account read a tree that this one has brought.
  ///
  /// @throws ContentException if it has not
  public ContentStore.Tree share(Bytes32 root, AccountContent with) {
    var tree = requireTree(root);
    with.brought.addTree(root);
    return tree;
  }

  private ContentStore.Tree require(Bytes32 root, BlockSource beyond) {
    var readable = tree(root);
    if (readable.isPresent()) {
      return readable.get();
    }
    BlockSource blocks = cid -> contains(cid.digest()) ? store.get(cid) : beyond.get(cid);
    var tree = store.walked(root, blocks, leaf -> {
      var own = brought.size(leaf.digest());
      return own.isPresent() ? own : beyond.get(leaf).map(block -> (long) block.length);
    });
    brought.addTree(root);
    return tree;
  }

  private Optional<byte[]> fetched(Cid cid) throws IOException {
    var block = origin.get(cid).filter(found -> found.length <= BlockSink.MAX_BLOCK_BYTES
        && Cid.ofBlock(cid.codec(), found).equals(cid));
    block.ifPresent(found -> putBlocks(List.of(
        new ContentStore.Named(cid, UnsafeByteOperations.unsafeWrap(found)))));
    return block;
  }
}
