package io.naru.core.digest;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), which every JDK has. */
public final class Sha256 {
  private Sha256() {}

  /** 32 bytes. */
  public static byte[] of(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new NaruException(ErrorCode.INTERNAL, "this Java has no SHA-256", impossible);
    }
  }

  /** That of the text's UTF-8 bytes. */
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** 64 hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes));
  }

  /** Those of the text's UTF-8 bytes. */
  public static String hex(String text) {
    return HexFormat.of().formatHex(of(text));
  }
}
