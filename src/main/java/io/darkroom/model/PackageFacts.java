package io.darkroom.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The facts from a package's files by which its conditions are recognised.
 *
 * @param files files of the package
 * @param network folder of the denoising network, for messages
 * @param config configuration of the denoising network
 * @param inputs inputs of the denoising network that no condition fills yet
 * @param inputChannels channels of its sample input
 * @param outputChannels channels of its output
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

    /** Returns whether the package has a component of this name. */
    boolean has(String component);

    /** Returns the names of the adapters in the package, sorted. */
    List<String> adapters() throws BrokenPackage;

    /** Returns a required JSON object. */
    Config config(String file) throws BrokenPackage;

    /** Returns an optional JSON object. */
    Optional<Config> configIfPresent(String file) throws BrokenPackage;

    /** Returns the outputs of a component's network. */
    List<TensorInfo> outputs(String component) throws BrokenPackage;

    /**
     * Returns whether a CLIP text encoder can give the states of its earlier layers after its final
     * layer norm, too.
     *
     * @param layers number of its layers
     */
    boolean givesEarlierStates(String component, int layers) throws BrokenPackage;
  }

  /** Returns the input with this name. */
  public Optional<TensorInfo> input(String name) {
    return inputs.stream().filter(input -> input.name().equals(name)).findFirst();
  }

  /** Returns a copy without these inputs. */
  PackageFacts without(List<TensorInfo> filled) {
    Set<String> names = new HashSet<>();
    filled.forEach(input -> names.add(input.name()));
    List<TensorInfo> left = inputs.stream().filter(input -> !names.contains(input.name())).toList();
    return new PackageFacts(files, network, config, left, inputChannels, outputChannels);
  }

  /** Creates the error that an input breaks a rule. */
  public BrokenPackage broken(String input, String problem) {
    return new BrokenPackage(network, input, problem);
  }
}
