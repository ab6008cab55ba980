package io.naru.channel.identity;

import io.naru.channel.TcpAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.digest.Sha256;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What a node needs to join: whom to trust, where to ask, and the right to be let in. As text
 * {@code naru1.} and the base64url of: the authority's fingerprint (32 bytes), the token's id (8),
 * the secret (16), then for each server its address length (1 byte: 4 or 16), address and port (2),
 * and last the first 4 bytes of the SHA-256 of all before, which show a token that was not copied
 * whole.
 *
 * @param authority fingerprint of the authority's key, base64url
 * @param id 16 hexadecimal digits; not secret
 * @param secret 32 hexadecimal digits
 * @param servers one to eight addresses to try in turn
 */
public record JoinToken(String authority, String id, String secret, List<TcpAddress> servers) {
  private static final String START = "naru1.";
  private static final int AUTHORITY_BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final int SECRET_BYTES = 16;
  private static final int CHECK_BYTES = 4;
  private static final int MOST_SERVERS = 8;
  private static final int LONGEST_TEXT = 512;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  public JoinToken {
    servers = List.copyOf(servers);
    if (servers.isEmpty() || servers.size() > MOST_SERVERS) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "a token needs one to "
              + MOST_SERVERS
              + " addresses of the server, not "
              + servers.size());
    }
  }

  /** A token with a new id and secret. */
  public static JoinToken create(String authority, List<TcpAddress> servers) {
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    HexFormat hex = HexFormat.of();
    return new JoinToken(authority, hex.formatHex(id), hex.formatHex(secret), servers);
  }

  /** The text to hand to a node; whoever has it may join until it expires. */
  public String encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Base64.getUrlDecoder().decode(authority));
    bytes.writeBytes(HexFormat.of().parseHex(id));
    bytes.writeBytes(HexFormat.of().parseHex(secret));
    for (TcpAddress server : servers) {
      byte[] address = server.address().toBytes();
      bytes.write(address.length);
      bytes.writeBytes(address);
      bytes.write(server.port() >>> 8);
      bytes.write(server.port());
    }
    bytes.writeBytes(check(bytes.toByteArray()));
    return START + ENCODER.encodeToString(bytes.toByteArray());
  }

  /** Parses the text; BAD_INPUT says in what way it is not a token. */
  public static JoinToken parse(String text) {
    String stripped = text.strip();
    if (!stripped.startsWith(START)) {
      throw bad(
          stripped.matches("(?s)naru\\d+\\..*")
              ? "is of another version of Naru"
              : "does not start with " + START);
    }
    if (stripped.length() > LONGEST_TEXT) {
      throw bad("is longer than any token");
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(stripped.substring(START.length()));
    } catch (IllegalArgumentException e) {
      throw bad("holds characters that no token has");
    }
    int length = bytes.length - CHECK_BYTES;
    if (length < AUTHORITY_BYTES + ID_BYTES + SECRET_BYTES
        || !MessageDigest.isEqual(
            check(Arrays.copyOf(bytes, length)), Arrays.copyOfRange(bytes, length, bytes.length))) {
      throw bad("was not copied whole");
    }
    try {
      return decoded(ByteBuffer.wrap(bytes, 0, length));
    } catch (BufferUnderflowException | NaruException e) {
      throw bad("has contents that this version of Naru does not understand");
    }
  }

  private static JoinToken decoded(ByteBuffer bytes) {
    String authority = ENCODER.encodeToString(next(bytes, AUTHORITY_BYTES));
    String id = HexFormat.of().formatHex(next(bytes, ID_BYTES));
    String secret = HexFormat.of().formatHex(next(bytes, SECRET_BYTES));
    List<TcpAddress> servers = new ArrayList<>();
    while (bytes.hasRemaining()) {
      IpAddress address = IpAddress.ofBytes(next(bytes, bytes.get()));
      servers.add(new TcpAddress(address, bytes.getShort() & 0xffff));
    }
    return new JoinToken(authority, id, secret, servers);
  }

  private static byte[] next(ByteBuffer bytes, int count) {
    if (count < 0 || count > bytes.remaining()) {
      throw bad("is cut short");
    }
    byte[] part = new byte[count];
    bytes.get(part);
    return part;
  }

  private static byte[] check(byte[] bytes) {
    return Arrays.copyOf(Sha256.of(bytes), CHECK_BYTES);
  }

  private static NaruException bad(String how) {
    return new NaruException(
        ErrorCode.BAD_INPUT,
        "the join token "
            + how
            + "; make one on the server with: naru token create, and copy all of it");
  }

  /** The secret is left out, so that a log may hold it. */
  @Override
  public String toString() {
    return "join token " + id + " for " + servers;
  }
}
