package network.lilypad.node.files;

/// Who asks an S3 store. Never printed.
///
/// @param access the access key's id
/// @param secret the secret access key
/// @param session a session token, empty for keys that last
public record S3Keys(String access, String secret, String session) {
  @Override public String toString() {
    return "S3Keys[" + access + "]";
  }
}
