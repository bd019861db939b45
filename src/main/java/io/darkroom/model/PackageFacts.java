package io.darkroom.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the files of a package say, as far as its conditions are recognised by it.
 *
 * @param files of the package
 * @param network where the denoising network is, for messages
 * @param config of the denoising network
 * @param inputs of the denoising network that are still to be explained
 * @param inputChannels of its sample input
 * @param outputChannels of its output
 */
public record PackageFacts(
    Files files,
    String network,
    Config config,
    List<TensorInfo> inputs,
    int inputChannels,
    int outputChannels) {

  public PackageFacts {
    inputs = List.copyOf(inputs);
  }

  /** The package's folder. */
  public interface Files {

    /** Whether there is a component of this name. */
    boolean has(String component);

    /** A JSON object that must be there. */
    Config config(String file) throws BrokenPackage;

    /** A JSON object that may be there. */
    Optional<Config> configIfPresent(String file) throws BrokenPackage;
  }

  /** The input of a name. */
  public Optional<TensorInfo> input(String name) {
    return inputs.stream().filter(input -> input.name().equals(name)).findFirst();
  }

  /** The facts without these inputs. */
  PackageFacts without(List<TensorInfo> filled) {
    Set<String> names = new HashSet<>();
    filled.forEach(input -> names.add(input.name()));
    List<TensorInfo> left = inputs.stream().filter(input -> !names.contains(input.name())).toList();
    return new PackageFacts(files, network, config, left, inputChannels, outputChannels);
  }

  /** The error that an input breaks a rule. */
  public BrokenPackage broken(String input, String problem) {
    return new BrokenPackage(network, input, problem);
  }
}
