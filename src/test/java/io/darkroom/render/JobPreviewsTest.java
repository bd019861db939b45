package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.StageOutcome;
import io.darkroom.image.BlockMeans;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Preview;
import io.darkroom.text.Sha256;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tests the previews of a job, their content, and previews that are late. */
class JobPreviewsTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final MemoryStore store = new MemoryStore();

  private static List<Preview> previews(FormulaRun formulaRun) {
    return formulaRun.shown().stream().map(each -> each.preview().orElseThrow()).toList();
  }

  private List<Integer> steps(String fields) {
    FormulaRun formulaRun = FormulaRun.prompt(() -> 0, store);
    formulaRun.render(fields);
    return previews(formulaRun).stream().map(Preview::step).toList();
  }

  @Property(tries = 200)
  void previewsDoNotChangePictures(
      @ForAll("samplers") String sampler,
      @ForAll @IntRange(min = 4, max = 12) int steps,
      @ForAll @IntRange(min = 1, max = 6) int images,
      @ForAll @IntRange(min = 1, max = 4) int every,
      @ForAll boolean guided) {
    String fields =
        "'scheduler':{'_class_name':'%s'},'num_inference_steps':%d,'num_images':%d,'guidance_scale':%d"
            .formatted(sampler, steps, images, guided ? 3 : 1);
    FormulaRun looked = FormulaRun.prompt(() -> 0, new MemoryStore());
    List<String> with = digests(looked.render(fields + ",'preview_every':" + every));
    List<String> without = digests(FormulaRun.prompt(() -> 0, new MemoryStore()).render(fields));

    assertThat(with).isEqualTo(without).hasSize(images);
    assertThat(looked.shown()).hasSizeGreaterThanOrEqualTo((steps - 1) / every);
  }

  @Provide
  Arbitrary<String> samplers() {
    return Arbitraries.of(
        "ddim",
        "ddpm",
        "euler",
        "euler_a",
        "heun",
        "dpm2_a",
        "dpmpp_2m",
        "dpmpp_2m_sde",
        "unipc",
        "deis",
        "lms",
        "pndm",
        "gradient_estimation");
  }

  private static List<String> digests(StageOutcome.Done done) {
    return done.pictures().stream().map(each -> Sha256.of(each.pixels().values())).toList();
  }

  @Test
  void previewsAreMadeAtTheIntervalButNotAfterTheLastStep() {
    assertThat(steps("'num_inference_steps':10,'preview_every':3")).containsExactly(3, 6, 9);
    assertThat(steps("'num_inference_steps':9,'preview_every':3")).containsExactly(3, 6);
    assertThat(steps("'num_inference_steps':9,'preview_every':1000")).isEmpty();
    assertThat(steps("'num_inference_steps':9")).isEmpty();
  }

  @Test
  void aStepWithSeveralEvaluationsCountsOnce() {
    String heun = "'scheduler':{'_class_name':'heun'},'num_inference_steps':10,'preview_every':3";

    FormulaRun formulaRun = FormulaRun.prompt(() -> 0, store);
    formulaRun.render(heun);

    assertThat(previews(formulaRun).stream().map(Preview::step)).containsExactly(3, 6, 9);
    assertThat(formulaRun.shown().stream().map(Progress::done)).containsExactly(6, 12, 18);
    assertThat(formulaRun.shown().get(0).wanted()).isEqualTo(19);
  }

  @Test
  void theFirstRunningImageIsShown() {
    FormulaRun formulaRun = FormulaRun.prompt(() -> 0, store);

    formulaRun.render("'num_inference_steps':5,'num_images':6,'preview_every':2");

    assertThat(previews(formulaRun).stream().map(each -> each.index() + "-" + each.step()))
        .containsExactly("0-2", "0-4", "4-2", "4-4");
    assertThat(store.objects().keySet())
        .containsExactlyInAnyOrder(
            "s3://pictures/renders/job/previews/0-2.png",
            "s3://pictures/renders/job/previews/0-4.png",
            "s3://pictures/renders/job/previews/4-2.png",
            "s3://pictures/renders/job/previews/4-4.png");
  }

  @Test
  void laterPreviewsAreCloserToThePicture() {
    FormulaRun formulaRun = FormulaRun.prompt(() -> 0, store);

    StageOutcome.Done done =
        formulaRun.render("'num_inference_steps':40,'preview_every':1,'width':24,'height':16");

    Pixels picture = Pixels.ofTensor(done.pictures().get(0).pixels().values(), 3, 16, 24);
    List<Integer> differences = new ArrayList<>();
    for (Preview preview : previews(formulaRun)) {
      byte[] file = store.objects().get(preview.uri());
      assertThat(preview.bytes()).isEqualTo(file.length);
      assertThat(preview.mediaType()).isEqualTo("image/png");
      Pixels pixels = read(file);
      assertThat(List.of(pixels.width(), pixels.height()))
          .isEqualTo(List.of(preview.width(), preview.height()))
          .isEqualTo(List.of(24, 16));
      differences.add(difference(pixels, picture));
    }
    assertThat(differences).hasSize(39);
    assertThat(differences.get(38)).isLessThan(differences.get(0) / 4);
  }

  private static Pixels read(byte[] file) {
    try {
      return new PictureReader(1 << 20, 1 << 20).read(file);
    } catch (UnreadablePicture unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static int difference(Pixels a, Pixels b) {
    byte[] left = a.toBytes();
    byte[] right = b.toBytes();
    return IntStream.range(0, left.length)
        .map(i -> Math.abs((left[i] & 0xff) - (right[i] & 0xff)))
        .sum();
  }

  @Test
  void noSideOfAPreviewIsLongerThan256() {
    FormulaRun formulaRun = FormulaRun.prompt(() -> 0, store);

    formulaRun.render("'num_inference_steps':3,'preview_every':1,'width':600,'height':200");

    assertThat(previews(formulaRun))
        .hasSize(2)
        .allSatisfy(
            preview -> {
              assertThat(preview.width()).isEqualTo(200);
              assertThat(preview.height()).isEqualTo(67);
            });
  }

  @Test
  void aNewerPreviewReplacesAWaitingOne() {
    Deque<Runnable> work = new ArrayDeque<>();
    FormulaRun formulaRun = new FormulaRun(() -> 0, store, work::add);

    formulaRun.render("'num_inference_steps':9,'preview_every':2");

    assertThat(work).as("places in the queue").hasSize(1);
    work.remove().run();
    assertThat(formulaRun.shown()).isEmpty();
    assertThat(store.objects()).isEmpty();
    assertThat(formulaRun.fates())
        .isEqualTo(Map.of(JobEvent.PreviewFate.REPLACED, 3, JobEvent.PreviewFate.LATE, 1));
  }

  /** The store takes the preview, and meanwhile the job ends. */
  @Test
  void aPreviewThatIsStoredWhenItsJobIsOverIsNotAnnounced() {
    Map<JobEvent.PreviewFate, Integer> fates = new EnumMap<>(JobEvent.PreviewFate.class);
    JobListener counted = TestWorker.previews(fate -> fates.merge(fate, 1, Integer::sum));
    AtomicReference<JobPreviews> job = new AtomicReference<>();
    Previewer previewer =
        new Previewer(
            new MemoryStore(() -> job.get().close()),
            1,
            new JobEvents(List.of(counted), Runnable::run),
            Runnable::run);
    PreviewLook look =
        new PreviewLook.OfPicture(new BlockMeans(3, 2, 2, 2, 2, 1), Optional.empty());
    job.set(new JobPreviews(previewer, FormulaRun.FOLDER, new JobPreviews.Steps(1, 0, 9, 9), look));

    job.get().denoised(0, 1, new float[12]);

    assertThat(job.get().stored()).isEmpty();
    assertThat(fates).isEqualTo(Map.of(JobEvent.PreviewFate.LATE, 1));
  }

  @Test
  void aFailingStoreAffectsOnlyPreviews() {
    FormulaRun formulaRun =
        FormulaRun.prompt(() -> 0, new FaultyStore(store, false).failObjects(2));

    StageOutcome.Done done = formulaRun.render("'num_inference_steps':9,'preview_every':2");

    assertThat(done.pictures()).hasSize(1);
    assertThat(previews(formulaRun).stream().map(Preview::step)).containsExactly(6, 8);
    assertThat(formulaRun.fates())
        .isEqualTo(Map.of(JobEvent.PreviewFate.FAILED, 2, JobEvent.PreviewFate.PUBLISHED, 2));
  }

  /** A preview allocates one or two objects for its place in a queue; a sample is 48 KiB. */
  @Test
  void anEvaluationWithoutAPreviewAllocatesNothingAndOneWithAPreviewNoSample() {
    Deque<Runnable> work = new ArrayDeque<>(4);
    Previewer previewer = new Previewer(store, 1, new JobEvents(List.of()), work::add);
    PreviewLook look =
        new PreviewLook.OfPicture(new BlockMeans(3, 64, 64, 64, 64, 1), Optional.empty());
    JobPreviews.Steps steps = new JobPreviews.Steps(2, 0, 4000, 4000);
    JobPreviews previews = new JobPreviews(previewer, FormulaRun.FOLDER, steps, look);
    float[] estimate = new float[3 * 64 * 64];
    long without = Long.MAX_VALUE;
    long with = Long.MAX_VALUE;
    for (int done = 1; done < 2000; done += 2) {
      without = Math.min(without, allocated(previews, done, estimate));
      with = Math.min(with, allocated(previews, done + 1, estimate));
      work.remove().run();
    }
    assertThat(without).isZero();
    assertThat(with).isLessThan(256);
  }

  private static long allocated(JobPreviews previews, int done, float[] estimate) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    previews.denoised(0, done, estimate);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
