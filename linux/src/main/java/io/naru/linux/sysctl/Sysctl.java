package io.naru.linux.sysctl;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kernel setting by the parts of its path under /proc/sys. Settings of the network belong to the
 * network namespace of the calling thread.
 *
 * @param parts for example {@code net, ipv4, conf, eth0.5, rp_filter}; a part may contain dots, as
 *     names of interfaces do
 */
public record Sysctl(List<String> parts) {
  private static final String ROOT = "/proc/sys";

  public Sysctl {
    parts = List.copyOf(parts);
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('/') >= 0) {
        throw new NaruException(
            ErrorCode.BAD_INPUT, "'" + part + "' cannot be part of a kernel setting's name");
      }
    }
    if (parts.isEmpty()) {
      throw new NaruException(ErrorCode.BAD_INPUT, "a kernel setting needs a name");
    }
  }

  public static Sysctl of(String... parts) {
    return new Sysctl(List.of(parts));
  }

  /**
   * As sysctl(8) reads names: where dots separate the parts, a slash stands for a dot within one,
   * as in {@code net.ipv4.conf.eth0/5.rp_filter}; where the first separator is a slash, slashes
   * separate and dots are dots.
   */
  public static Sysctl parse(String name) {
    int dot = name.indexOf('.');
    int slash = name.indexOf('/');
    if (slash >= 0 && (dot < 0 || slash < dot)) {
      return new Sysctl(List.of(name.split("/", -1)));
    }
    List<String> parts = new ArrayList<>();
    for (String part : name.split("\\.", -1)) {
      parts.add(part.replace('/', '.'));
    }
    return new Sysctl(parts);
  }

  /** A setting of one interface, for example {@code forInterface("ipv4", "eth0", "rp_filter")}. */
  public static Sysctl forInterface(String protocol, String interfaceName, String setting) {
    return of("net", protocol, "conf", interfaceName, setting);
  }

  private Path path() {
    return Path.of(ROOT, parts.toArray(String[]::new));
  }

  /** Its value without the line's end; empty when this kernel or namespace has no such setting. */
  public Optional<String> find() {
    try {
      return Optional.of(Files.readString(path(), StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException failure) {
      throw failure("read", failure);
    }
  }

  /** Its value without the line's end. */
  public String read() {
    return find().orElseThrow(this::absent);
  }

  /** Its value as a number. */
  public long readNumber() {
    String value = read();
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException notANumber) {
      throw new NaruException(
          ErrorCode.MALFORMED, "the setting " + this + " is '" + value + "', not a number");
    }
  }

  /** Sets it until the machine or the namespace ends. */
  public void write(String value) {
    if (!writeIfPresent(value)) {
      throw absent();
    }
  }

  /**
   * Sets it like {@link #write}, where there is such a setting.
   *
   * @return whether there is
   */
  public boolean writeIfPresent(String value) {
    try {
      Files.writeString(path(), value + "\n", StandardCharsets.UTF_8, StandardOpenOption.WRITE);
      return true;
    } catch (NoSuchFileException notThere) {
      return false;
    } catch (IOException failure) {
      throw failure("set to '" + value + "'", failure);
    }
  }

  private NaruException absent() {
    return new NaruException(
        ErrorCode.NOT_FOUND,
        "this kernel has no setting "
            + this
            + " here; its module may not be loaded, or the interface in its name does not exist");
  }

  private NaruException failure(String verb, IOException failure) {
    return failure instanceof AccessDeniedException
        ? new NaruException(
            ErrorCode.NOT_PERMITTED,
            "the setting " + this + " cannot be " + verb + " by this user; run as root",
            failure)
        : new NaruException(
            ErrorCode.KERNEL_REFUSED,
            "the setting " + this + " cannot be " + verb + ": " + failure.getMessage(),
            failure);
  }

  /** The name with slashes, which needs no escapes. */
  @Override
  public String toString() {
    return String.join("/", parts);
  }
}
