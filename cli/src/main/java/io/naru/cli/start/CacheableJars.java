package io.naru.cli.start;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the jars of a folder whose classes the JVM's cache would skip: it takes no class file
 * older than Java 6 (JVMS 4.10.2: those are verified by inference) and no class of a signed jar.
 */
public final class CacheableJars {
  /** JVMS 4.10: from this major version on, a class is verified by its stack maps. */
  private static final int FIRST_WITH_STACK_MAPS = 50;

  /** Java 8; what the rewritten classes say they are. */
  private static final int REWRITTEN = 52;

  private CacheableJars() {}

  /** The only argument is the folder. */
  public static void main(String[] arguments) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
      for (Path jar : jars) {
        rewriteIfNeeded(jar);
      }
    }
  }

  private static void rewriteIfNeeded(Path jar) throws IOException {
    Map<String, byte[]> entries = read(jar);
    boolean signed = entries.keySet().removeIf(CacheableJars::isSignature);
    boolean old = entries.entrySet().stream().anyMatch(e -> isOldClass(e.getKey(), e.getValue()));
    if (!signed && !old) {
      return;
    }
    if (signed) {
      // What is left of a signature: a digest of every file, which each JVM would keep in memory.
      entries.computeIfPresent(JarFile.MANIFEST_NAME, (_, manifest) -> mainSection(manifest));
    }
    var upgrade = new Upgrade(entries);
    Path draft = Files.createTempFile(jar.toAbsolutePath().getParent(), "cacheable", ".draft");
    try (var zip = new ZipOutputStream(Files.newOutputStream(draft))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(
            isOldClass(entry.getKey(), entry.getValue())
                ? upgrade.apply(entry.getValue())
                : entry.getValue());
      }
    } catch (IOException | RuntimeException failed) {
      Files.delete(draft);
      throw failed;
    }
    Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(jar));
    Files.move(draft, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (var zip = new ZipInputStream(Files.newInputStream(jar))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  /** A manifest without its sections about single files, which an empty line sets apart. */
  static byte[] mainSection(byte[] manifest) {
    String text = new String(manifest, StandardCharsets.UTF_8);
    return (text.split("(?:\\r?\\n){2}", 2)[0] + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** As in the JAR file specification, "Signature Validation". */
  static boolean isSignature(String name) {
    return name.matches("(?i)META-INF/([^/]+\\.(SF|RSA|DSA|EC)|SIG-[^/]*)");
  }

  /** JVMS 4.1: magic, minor version, major version. */
  static boolean isOldClass(String name, byte[] content) {
    return name.endsWith(".class")
        && content.length > 8
        && (((content[6] & 0xff) << 8) | (content[7] & 0xff)) < FIRST_WITH_STACK_MAPS;
  }

  /** Gives classes the stack maps that a newer version demands. */
  static final class Upgrade implements Function<byte[], byte[]> {
    private static final ClassTransform NEWER =
        ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen(
                (builder, element) -> {
                  if (element instanceof ClassFileVersion) {
                    builder.withVersion(REWRITTEN, 0);
                  } else {
                    builder.with(element);
                  }
                });
    private final ClassFile classFile;

    /**
     * @param siblings the jar's content by name: stack maps need the classes' ancestors
     */
    Upgrade(Map<String, byte[]> siblings) {
      classFile =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(type -> sibling(siblings, type))
                      .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    private static @Nullable InputStream sibling(Map<String, byte[]> siblings, ClassDesc type) {
      String descriptor = type.descriptorString();
      byte[] content = siblings.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
      return content == null ? null : new ByteArrayInputStream(content);
    }

    @Override
    public byte[] apply(byte[] old) {
      return classFile.transformClass(classFile.parse(old), NEWER);
    }
  }
}
