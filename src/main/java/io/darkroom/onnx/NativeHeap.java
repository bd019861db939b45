package io.darkroom.onnx;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/**
 * Measures this process's use of the C library's heap, where ONNX Runtime keeps weights and
 * intermediate results. Java's direct buffers are excluded, because they are freed at an unknown
 * time by a collection. Available with the GNU C library 2.33 and later.
 */
final class NativeHeap {
  private static final String MALLINFO = "mallinfo2";

  private NativeHeap() {}

  /** Fields of {@code mallinfo2(3)}; the names are its own. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Information extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }

  /** Returns the bytes in use; empty if this machine cannot report them. */
  static OptionalLong bytes() {
    try {
      Function mallinfo = NativeLibrary.getInstance("c").getFunction(MALLINFO);
      Information now = (Information) mallinfo.invoke(Information.class, new Object[0]);
      return OptionalLong.of(now.uordblks + now.hblkhd - directBuffers());
    } catch (LinkageError otherLibrary) {
      return OptionalLong.empty();
    }
  }

  private static long directBuffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
