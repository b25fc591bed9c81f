package network.lilypad.node.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.value.Sha256;

/// AWS Signature Version 4 for S3, in the Authorization header, of requests without a query and with plain paths.
/// Source: "Authenticating Requests: Using the Authorization Header" of the Amazon S3 API reference.
///
/// @param keys who asks
/// @param region of the store, such as us-east-1
record S3Signature(S3Keys keys, String region) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
      .withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  /// The headers of a signed request, all but Host, which goes without saying.
  ///
  /// @param uri with a path of unreserved characters and no query
  /// @param bodySha256 in hexadecimal
  /// @param more further headers, in lower case
  SortedMap<String, String> headers(String method, URI uri, String bodySha256, SortedMap<String, String> more,
      Instant now) {
    var signed = new TreeMap<>(more);
    signed.put("host", host(uri));
    signed.put("x-amz-content-sha256", bodySha256);
    signed.put("x-amz-date", TIME.format(now));
    if (!keys.session().isEmpty()) {
      signed.put("x-amz-security-token", keys.session());
    }
    var names = String.join(";", signed.keySet());
    var lines = signed.entrySet().stream().map(header -> header.getKey() + ":" + header.getValue() + "\n")
        .collect(Collectors.joining());
    var canonical = String.join("\n", method, uri.getRawPath(), "", lines, names, bodySha256);
    var day = TIME.format(now).substring(0, 8);
    var scope = day + "/" + region + "/s3/aws4_request";
    var toSign = String.join("\n", "AWS4-HMAC-SHA256", TIME.format(now), scope,
        HEX.formatHex(Sha256.hash(canonical).bytes()));
    signed.put("authorization", "AWS4-HMAC-SHA256 Credential=" + keys.access() + "/" + scope + ",SignedHeaders=" + names
        + ",Signature=" + HEX.formatHex(hmac(key(day), toSign)));
    signed.remove("host");
    return signed;
  }

  /// The Host header as clients send it: without the scheme's own port.
  private static String host(URI uri) {
    boolean usual = uri.getPort() == -1 || uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
    return usual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private byte[] key(String day) {
    byte[] key = ("AWS4" + keys.secret()).getBytes(UTF_8);
    for (var part : new String[]{day, region, "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    return key;
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new Defect("JDK: no HmacSHA256 (expected: every JDK has it): " + e.getMessage());
    }
  }
}
