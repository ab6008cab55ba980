package io.naru.store.embedded;

import io.naru.channel.file.PrivateFile;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.OptionalLong;

/**
 * The last acknowledged revision, in a file beside the store's. The engine opens a file that lost
 * its end as it was some time before, without a word; the mark tells that apart. It is written
 * after the store is on the disk, so it is never ahead of it.
 *
 * <p>The first mark of a program is on the disk before the revision is acknowledged. From then on a
 * loss of power may set the mark back, which does no harm, but never make it disappear: a mark that
 * is missing beside a store with revisions was taken away.
 */
final class RevisionMark implements AutoCloseable {
  private static final int LENGTH = 16;

  private final Path directory;
  private final Path file;
  private final FileChannel channel;
  private final Disk disk;
  private boolean lasting;

  /** What makes a file, or a directory's names, last through a loss of power. */
  interface Disk {
    void force(Path file, FileChannel channel) throws IOException;

    void forceNames(Path directory) throws IOException;

    /** The operating system's. */
    Disk REAL =
        new Disk() {
          @Override
          public void force(Path file, FileChannel channel) throws IOException {
            channel.force(true);
          }

          @Override
          public void forceNames(Path directory) throws IOException {
            PrivateFile.synchronize(directory);
          }
        };
  }

  private RevisionMark(Path directory, Path file, FileChannel channel, Disk disk) {
    this.directory = directory;
    this.file = file;
    this.channel = channel;
    this.disk = disk;
  }

  static RevisionMark open(Path directory, String name, Disk disk) {
    Path file = directory.resolve(name);
    try {
      return new RevisionMark(
          directory,
          file,
          FileChannel.open(
              file,
              EnumSet.of(
                  StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
          disk);
    } catch (IOException e) {
      throw PrivateFile.failed("opening " + file, e);
    }
  }

  /** The revision, or empty before the first. */
  OptionalLong read() {
    try {
      ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
      int count = 0;
      while (bytes.hasRemaining() && count >= 0) {
        count = channel.read(bytes, bytes.position());
      }
      if (bytes.hasRemaining()) {
        return OptionalLong.empty();
      }
      long revision = bytes.getLong(0);
      if (bytes.getLong(8) != ~revision) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            file + " is damaged; restore the server's data directory from a backup");
      }
      return OptionalLong.of(revision);
    } catch (IOException e) {
      throw PrivateFile.failed("reading " + file, e);
    }
  }

  void write(long revision) {
    try {
      if (!lasting) {
        // The store's own name too, before there is a mark that asks for it.
        disk.forceNames(directory);
      }
      ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putLong(revision).putLong(~revision).flip();
      channel.write(bytes, 0);
      if (!lasting) {
        disk.force(file, channel);
        lasting = true;
      }
    } catch (IOException e) {
      throw PrivateFile.failed("writing " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw PrivateFile.failed("closing " + file, e);
    }
  }
}
