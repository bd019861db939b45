package io.darkroom.json;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.Steps;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobId;
import io.darkroom.job.JobOptions;
import io.darkroom.job.Lora;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Output;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Resize;
import io.darkroom.job.Sampling;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RequestWriterTest {

  @Property(tries = 500)
  void aWrittenRequestIsReadBackUnchanged(@ForAll("requests") RenderRequest request) {
    Decoded decoded = Requests.CODEC.read(RequestCodec.write(request), "");

    assertThat(decoded).isInstanceOf(Decoded.Valid.class);
    assertThat(((Decoded.Valid) decoded).request()).isEqualTo(request);
  }

  @Test
  void aSeedIsANumberWhileADoubleCanHoldIt() {
    assertThat(RequestCodec.tree(seeded(7))).containsEntry("seed", 7);
    assertThat(RequestCodec.tree(seeded(1L << 53))).containsEntry("seed", 1L << 53);
    assertThat(RequestCodec.tree(seeded((1L << 53) + 1))).containsEntry("seed", "9007199254740993");
    assertThat(RequestCodec.tree(seeded(-1))).containsEntry("seed", "18446744073709551615");
  }

  @Test
  void fieldsComeInTheOrderOfTheContract() {
    assertThat(RequestCodec.tree(seeded(7)).keySet())
        .containsExactly(
            "id",
            "kind",
            "model",
            "seed",
            "seed_mode",
            "generator",
            "num_images",
            "output",
            "render",
            "priority");
  }

  private static RenderRequest seeded(long seed) {
    String json = Requests.generate("'seed':'" + Long.toUnsignedString(seed) + "'");
    return Requests.valid(json).request();
  }

  @Provide
  Arbitrary<RenderRequest> requests() {
    return Combinators.combine(ids(), stages(), following(), draws(), outputs(), handlings())
        .as(RenderRequest::new);
  }

  private Arbitrary<List<StageRequest>> following() {
    Arbitrary<Source> latents =
        Arbitraries.doubles().between(0.1, 0.4).map(start -> new Source.Latents(start));
    Arbitrary<Source> enlarged = wholes(0, 1000).map(RequestWriterTest::ofResult);
    return Combinators.combine(models(), texts(), Arbitraries.oneOf(enlarged, latents), samplings())
        .as(
            (model, texts, source, sampling) ->
                new StageRequest(
                    model,
                    texts,
                    Optional.empty(),
                    source,
                    Map.of(),
                    ModelArguments.NONE,
                    sampling))
        .list()
        .ofMaxSize(4);
  }

  private static Source ofResult(Optional<Integer> noiseLevel) {
    return new Source.Enlarge(Optional.empty(), noiseLevel, Optional.empty());
  }

  private Arbitrary<StageRequest> stages() {
    return Arbitraries.oneOf(
        Combinators.combine(
                models(), texts(), labels(), starts(), loras(), inputs(), pairs(), samplings())
            .as(StageRequest::new),
        Combinators.combine(
                models(),
                texts(),
                Arbitraries.just(Optional.<String>empty()),
                enlargements(),
                inputs(),
                pairs(),
                samplings())
            .as(StageRequest::new));
  }

  private static Arbitrary<ModelArguments> pairs() {
    Arbitrary<List<Integer>> pair = Arbitraries.integers().between(1, 65536).list().ofSize(2);
    Arbitrary<String> fields =
        Arbitraries.of("original_size", "crops_coords_top_left", "target_size");
    return Arbitraries.maps(fields, pair).map(values -> new ModelArguments(Map.copyOf(values)));
  }

  private static Arbitrary<List<Lora>> loras() {
    return Arbitraries.of(
        List.of(), List.of(new Lora("ink", 1), new Lora("a.b", -0.5)), List.of(new Lora("b", 2)));
  }

  private static Arbitrary<Source> starts() {
    return Arbitraries.oneOf(
        sizes().map(Source.Nothing::new),
        Combinators.combine(images(), images().optional(), decimals(0.1, 1), sizes(), resizes())
            .as(Source.Image::new));
  }

  private static Arbitrary<Optional<Resize>> resizes() {
    return Arbitraries.of(Resize.class).optional();
  }

  private static Arbitrary<Source> enlargements() {
    return Combinators.combine(images().map(Optional::of), wholes(0, 1000), tiles())
        .as(Source.Enlarge::new);
  }

  private static Arbitrary<Map<String, ImageRef>> inputs() {
    Arbitrary<ImageRef> stored =
        digests().optional().map(digest -> new ImageRef.Stored("s3://abc/mel.npy", digest));
    return Arbitraries.maps(Arbitraries.of("mel", "depth_map"), stored);
  }

  private static Arbitrary<JobId> ids() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars("0123456789.:_-")
        .ofMaxLength(127)
        .map(end -> new JobId("A" + end));
  }

  private static Arbitrary<ModelRef> models() {
    return digests().optional().map(digest -> new ModelRef("model.x-1", digest));
  }

  private static Arbitrary<String> digests() {
    return Arbitraries.strings().withChars("0123456789abcdef").ofLength(64);
  }

  private static Arbitrary<Prompts> texts() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .excludeChars('\0')
            .filter(s -> s.codePoints().noneMatch(c -> c >= 0xD800 && c < 0xE000));
    return Arbitraries.maps(Arbitraries.of(Prompts.FIELDS), text).map(Prompts::new);
  }

  private static Arbitrary<Optional<String>> labels() {
    return Arbitraries.of("panda-face", "12", "0").optional();
  }

  private static Arbitrary<Optional<Size>> sizes() {
    Arbitrary<Integer> side = Arbitraries.integers().between(1, 65536);
    return Combinators.combine(side, side).as(Size::new).optional();
  }

  private static Arbitrary<ImageRef> images() {
    Arbitrary<ImageRef> stored =
        digests().optional().map(digest -> new ImageRef.Stored("s3://abc/a b/ü.png", digest));
    return Arbitraries.oneOf(stored, Arbitraries.just(new ImageRef.Inline("AAA=")));
  }

  private static Arbitrary<Optional<Tile>> tiles() {
    return Arbitraries.integers().between(1, 65536).map(n -> new Tile(n, n / 2)).optional();
  }

  private static Arbitrary<Sampling> samplings() {
    Arbitrary<Optional<FeatureCache>> caches = Arbitraries.of(new FeatureCache(3, 2)).optional();
    return Combinators.combine(uncached(), caches)
        .as(
            (plain, cache) ->
                new Sampling(
                    plain.steps(),
                    plain.scheduler(),
                    plain.guidanceScale(),
                    plain.guidanceRescale(),
                    plain.arguments(),
                    plain.noiseSchedule(),
                    plain.denoisingEnd(),
                    plain.guidanceInterval(),
                    cache));
  }

  private static Arbitrary<Sampling> uncached() {
    return Combinators.combine(
            steps(),
            schedulers(),
            decimals(-1000, 1000),
            decimals(0, 1),
            arguments(),
            Arbitraries.of(
                Map.<String, Object>of(), Map.<String, Object>of("betas", List.of(0.1, 1e-6))),
            decimals(0.5, 0.9),
            Arbitraries.of(new Guidance.Interval(0.25, 0.75)).optional())
        .as(
            (steps, scheduler, guidance, rescale, arguments, levels, end, interval) ->
                new Sampling(
                    steps,
                    scheduler,
                    guidance,
                    rescale,
                    arguments,
                    levels,
                    end,
                    interval,
                    Optional.empty()));
  }

  private static Arbitrary<Map<String, Object>> arguments() {
    Arbitrary<Set<String>> names = Arbitraries.of(Sampling.ARGUMENTS).set();
    return Combinators.combine(names, Arbitraries.doubles().between(0, 1))
        .as((some, number) -> some.stream().collect(toMap(n -> n, n -> argument(n, number))));
  }

  private static Object argument(String name, double number) {
    return switch (name) {
      case "use_clipped_model_output" -> number < 0.5;
      case "order" -> 1 + (int) (3 * number);
      case "jump_length", "jump_n_sample" -> 1 + (int) (999 * number);
      case "s_tmax" -> number < 0.5 ? "Infinity" : (Object) number;
      default -> number;
    };
  }

  private static Arbitrary<Optional<Steps>> steps() {
    Arbitrary<List<Double>> list =
        Arbitraries.doubles().between(0, 1e6).list().ofMinSize(1).ofMaxSize(20);
    return Arbitraries.oneOf(
            Arbitraries.integers().between(1, 1000).map(n -> (Steps) new Steps.Count(n)),
            list.map(Steps.Timesteps::new),
            list.map(Steps.Sigmas::new))
        .optional();
  }

  private static Arbitrary<Map<String, Object>> schedulers() {
    Arbitrary<Object> value =
        Arbitraries.oneOf(
            Arbitraries.integers().map(n -> n),
            Arbitraries.doubles().map(x -> x),
            Arbitraries.of("euler", "", true, false),
            Arbitraries.doubles().list().ofMaxSize(5).map(x -> x));
    return Arbitraries.maps(Arbitraries.of("_class_name2", "a", "b_1", "C"), value);
  }

  private static Arbitrary<Seeds> draws() {
    Arbitrary<List<Long>> seeds = Arbitraries.longs().list().ofMaxSize(64);
    return Combinators.combine(
            Arbitraries.longs().optional(),
            seeds,
            Arbitraries.of(Seeds.Mode.class),
            Arbitraries.of("torch_cpu", "torch_cuda", "philox"),
            Arbitraries.integers().between(1, 64))
        .as(
            (seed, list, mode, generator, images) ->
                list.isEmpty()
                    ? new Seeds(seed, list, mode, generator, images)
                    : new Seeds(Optional.empty(), list, mode, generator, list.size()));
  }

  private static Arbitrary<Output> outputs() {
    return Combinators.combine(
            Arbitraries.of("s3://abc/", "s3://abc/ü/").optional(),
            Arbitraries.of("png", "webp", "jpeg", "npy", "wav").optional(),
            wholes(1, 100).map(RequestWriterTest::optionalInt),
            Arbitraries.of(OptionalInt.empty(), OptionalInt.of(8), OptionalInt.of(16)),
            Arbitraries.of(true, false))
        .as(Output::new);
  }

  private static Arbitrary<JobOptions> handlings() {
    Arbitrary<Instant> times =
        Arbitraries.longs()
            .between(0, 250_000_000_000L)
            .map(second -> Instant.ofEpochSecond(second, second % 1_000_000_000));
    return Combinators.combine(
            Arbitraries.integers().between(0, 9),
            times.optional(),
            wholes(1, 1000).map(RequestWriterTest::optionalInt),
            Arbitraries.of(true, false),
            schedulers())
        .as(JobOptions::new);
  }

  private static Arbitrary<Optional<Integer>> wholes(int least, int most) {
    return Arbitraries.integers().between(least, most).optional();
  }

  private static OptionalInt optionalInt(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static Arbitrary<OptionalDouble> decimals(double least, double most) {
    return Arbitraries.doubles()
        .between(least, most)
        .optional()
        .map(value -> value.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }
}
