package io.darkroom;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.darkroom.text.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The packages of the pipelines' goldens. In a folder of goldens a package is a folder, or a zip
 * file that is unpacked below {@code target} once. A zip file leaves out the parts that {@code
 * sd-mini} also has: whole files that {@code same-as-sd-mini.txt} lists, and tensors of a network,
 * whose external data is then {@code sd-mini} and the index of the tensor in its network of the
 * same path.
 */
public final class GoldenPackages {
  private static final Path IN_GIT = Path.of("src/test/resources/pipelines/packages");
  private static final Path UNPACKED = Path.of("target/golden-packages");
  private static final String WHOLE = "sd-mini";
  private static final String SAME = "same-as-sd-mini.txt";

  private GoldenPackages() {}

  /** The folder of a package of this repository. */
  public static Path folder(String name) {
    return folder(IN_GIT, name);
  }

  /** The folder of a package. */
  public static Path folder(Path packages, String name) {
    Path plain = packages.resolve(name);
    return Files.isDirectory(plain) ? plain : unpacked(packages, name);
  }

  private static Path unpacked(Path packages, String name) {
    try {
      byte[] zip = Files.readAllBytes(packages.resolve(name + ".zip"));
      Path folder = UNPACKED.resolve(Sha256.of(zip).substring(0, 12)).resolve(name);
      if (!Files.isDirectory(folder)) {
        unpack(zip, packages.resolve(WHOLE), folder);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two processes may do this at the same time; the result of the first one is used. */
  private static void unpack(byte[] zip, Path whole, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path beginning = Files.createTempDirectory(folder.getParent(), "unpacking");
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        write(entry.getName(), in.readAllBytes(), whole, beginning);
      }
    }
    try {
      Files.move(beginning, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException another) {
      return;
    }
  }

  private static void write(String name, byte[] bytes, Path whole, Path folder) throws IOException {
    if (name.equals(SAME)) {
      for (String same : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
        copy(whole.resolve(same), folder.resolve(same));
      }
      return;
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, name.endsWith(".onnx") ? withTensors(bytes, whole.resolve(name)) : bytes);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  private static byte[] withTensors(byte[] network, Path whole) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(network).toBuilder();
    boolean complete =
        model.getGraph().getInitializerList().stream().allMatch(GoldenPackages::hasData);
    if (complete) {
      return network;
    }
    ModelProto source = ModelProto.parseFrom(Files.readAllBytes(whole));
    model.getGraphBuilder().getInitializerBuilderList().forEach(tensor -> fill(tensor, source));
    return model.build().toByteArray();
  }

  private static boolean hasData(TensorProto tensor) {
    return tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL;
  }

  private static void fill(TensorProto.Builder tensor, ModelProto source) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      int index = Integer.parseInt(tensor.getExternalData(1).getValue());
      tensor.setRawData(source.getGraph().getInitializer(index).getRawData());
      tensor.clearExternalData().clearDataLocation();
    }
  }
}
