package io.naru.linux.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappedFileTest {
  private static List<String> smaps(String first, int anonymous) {
    return List.of(
        first, "Size:               8192 kB", "Anonymous:         %8d kB".formatted(anonymous));
  }

  private static final String LIBRARY =
      "7f0d39ae3000-7f0d3a2e3000 r-xp 002e3000 fe:00 1315     /usr/lib/a library.so";

  @Test
  void aFileForExecutingIsFoundWithItsPlace() {
    assertThat(MappedFile.unwritten(smaps(LIBRARY, 0)))
        .containsExactly(new MappedFile(0x7f0d39ae3000L, 0x800000, "/usr/lib/a library.so"));
  }

  @Test
  void whatWasWrittenOrCanBeIsLeftAlone() {
    assertThat(MappedFile.unwritten(smaps(LIBRARY, 4))).isEmpty();
    assertThat(MappedFile.unwritten(smaps(LIBRARY.replace("r-xp", "rw-p"), 0))).isEmpty();
    assertThat(MappedFile.unwritten(smaps(LIBRARY.replace("r-xp", "r--s"), 0))).isEmpty();
    assertThat(MappedFile.unwritten(smaps("7f0d39ae3000-7f0d3a2e3000 r--p 00000000 00:00 0 ", 0)))
        .isEmpty();
    assertThat(MappedFile.unwritten(smaps("7fff0000-7fff1000 r-xp 00000000 00:00 0 [vdso]", 0)))
        .isEmpty();
  }

  @Test
  void theProgramRunsOnWhenItsFilesAreReleased() throws Exception {
    Path library = Path.of(System.getProperty("java.home"), "lib", "modules");
    try (FileChannel file = FileChannel.open(library);
        Arena arena = Arena.ofConfined()) {
      MemorySegment start = file.map(FileChannel.MapMode.READ_ONLY, 0, 4096, arena).asReadOnly();
      byte before = start.get(ValueLayout.JAVA_BYTE, 1);
      List<MappedFile> files = OwnMemory.mappedFiles();
      assertThat(files).anySatisfy(each -> assertThat(each.path()).endsWith("libjvm.so"));
      files.forEach(OwnMemory::release);
      assertThat(start.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo(before);
    }
  }
}
