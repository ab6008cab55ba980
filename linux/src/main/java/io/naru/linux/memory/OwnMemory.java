package io.naru.linux.memory;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of this process. */
public final class OwnMemory {
  private static final Path SMAPS = Path.of("/proc/self/smaps");

  /** asm-generic/mman-common.h. */
  private static final int MADV_DONTNEED = 4;

  private static final int MADV_NOHUGEPAGE = 15;
  private static final int MADV_RANDOM = 1;

  /** Each is an area of its own to the kernel, some 200 bytes there. */
  private static final long PIECE_BYTES = 16 << 10;

  private OwnMemory() {}

  /** The files that are mapped and unwritten now. */
  public static List<MappedFile> mappedFiles() {
    try {
      return MappedFile.unwritten(Files.readAllLines(SMAPS));
    } catch (IOException unreadable) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot read " + SMAPS + ": " + unreadable, unreadable);
    }
  }

  /**
   * Makes the kernel map little more than what is touched of a file. Around a page that is touched
   * it maps its neighbours too, 64 KiB or a huge page of them, but none with other advice: so every
   * second piece gets another.
   */
  public static void mapSparsely(MappedFile file) {
    // Not supported by kernels without huge pages, which need no such advice.
    SystemCalls.madvise(file.start(), file.bytes(), MADV_NOHUGEPAGE);
    for (long piece = 0; piece < file.bytes(); piece += 2 * PIECE_BYTES) {
      advise(file.start() + piece, Math.min(PIECE_BYTES, file.bytes() - piece), MADV_RANDOM);
    }
  }

  /**
   * Lets a mapped file's pages go; those that are touched again are mapped again from the page
   * cache, or read from the file. Only for what has been mapped for a while: while a library is
   * being loaded, the kernel may show as unwritten what is about to be written.
   */
  public static void release(MappedFile file) {
    advise(file.start(), file.bytes(), MADV_DONTNEED);
  }

  private static void advise(long address, long bytes, int advice) {
    SystemCalls.check(SystemCalls.madvise(address, bytes, advice), "madvise");
  }
}
