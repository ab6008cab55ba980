package io.naru.agent.kernel;

import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry.Setting;
import io.naru.core.state.KernelState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The host's settings below /proc/sys. What a setting was before Naru first changed it is kept in a
 * file, so that a clean-up can restore it.
 */
public final class HostSettings {
  private static final Path ROOT = Path.of("/proc/sys");

  private final Path originals;

  /** What the disk has not taken yet. */
  private final Map<String, Changed> unsaved = new TreeMap<>();

  /**
   * @param originals the file that remembers
   */
  public HostSettings(Path originals) {
    this.originals = originals;
  }

  /** A setting's value without white space around it, or empty where the kernel has none. */
  public static Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(ROOT.resolve(name)).strip());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** The values there are of the settings that are desired. */
  public static List<Setting> present(KernelState desired) {
    List<Setting> found = new ArrayList<>();
    desired
        .entries()
        .forEach(
            entry -> {
              if (entry instanceof Setting wanted) {
                read(wanted.name())
                    .ifPresent(
                        value -> found.add(new Setting(wanted.name(), value, wanted.device())));
              }
            });
    return found;
  }

  /**
   * Changes a setting; one that outlives our devices is remembered first, or, where the disk takes
   * nothing, as soon as it does: see {@link #unsaved()}.
   */
  public void write(Setting setting) {
    if (setting.device().isEmpty()) {
      remember(setting);
    }
    set(setting.name(), setting.value());
  }

  /**
   * Tries again to save what could not be saved.
   *
   * @return why it still cannot be, a sentence
   */
  public synchronized Optional<String> unsaved() {
    if (unsaved.isEmpty()) {
      return Optional.empty();
    }
    try {
      Map<String, Changed> known = saved();
      known.putAll(unsaved);
      PrivateFile.write(originals, Json.write(known));
      unsaved.clear();
      return Optional.empty();
    } catch (NaruException full) {
      return Optional.of("the host's settings of before are not kept yet: " + full.sentence());
    }
  }

  private static void set(String name, String value) {
    try {
      Files.writeString(ROOT.resolve(name), value);
    } catch (NoSuchFileException absent) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED, "this kernel has no setting " + name.replace('/', '.'), absent);
    } catch (IOException refused) {
      throw new NaruException(
          ErrorCode.NOT_PERMITTED,
          "cannot set "
              + name.replace('/', '.')
              + " to "
              + value
              + "; /proc/sys may be mounted read-only, or root is missing",
          refused);
    }
  }

  /**
   * A setting that was changed.
   *
   * @param before its value before Naru first changed it
   * @param set what Naru set it to
   */
  record Changed(String before, String set) {}

  private synchronized void remember(Setting setting) {
    Map<String, Changed> known = saved();
    Changed earlier = known.getOrDefault(setting.name(), unsaved.get(setting.name()));
    Optional<String> before =
        earlier == null ? read(setting.name()) : Optional.of(earlier.before());
    if (before.isPresent()) {
      Changed changed = new Changed(before.get(), setting.value());
      if (!changed.equals(known.put(setting.name(), changed))) {
        unsaved.put(setting.name(), changed);
        Optional<String> _ = unsaved();
      }
    }
  }

  private Map<String, Changed> saved() {
    Map<String, Changed> known = new TreeMap<>();
    PrivateFile.read(originals)
        .ifPresent(
            text ->
                Json.read(text, JsonNode.class)
                    .properties()
                    .forEach(
                        entry ->
                            known.put(entry.getKey(), Json.read(entry.getValue(), Changed.class))));
    return known;
  }

  /**
   * Sets back what is still as Naru set it: what somebody changed since is theirs.
   *
   * @param dryRun only say what would be done
   * @return what was done, and what could not be
   */
  public List<String> restore(boolean dryRun) {
    List<String> done = new ArrayList<>();
    saved()
        .forEach(
            (name, changed) -> {
              if (read(name).equals(Optional.of(changed.set()))
                  && !changed.before().equals(changed.set())) {
                done.add(restored(name, changed.before(), dryRun));
              }
            });
    return done;
  }

  private static String restored(String name, String value, boolean dryRun) {
    try {
      if (!dryRun) {
        set(name, value);
      }
      return "~ sysctl " + name.replace('/', '.') + " = " + value;
    } catch (NaruException refused) {
      return "not done: " + refused.sentence();
    }
  }
}
