package io.millrace.bench.gpu;

import io.millrace.compute.cuda.Device;
import io.millrace.compute.cuda.DeviceProducts;
import io.millrace.compute.cuda.LassoCodes;
import io.millrace.compute.cuda.MlpGradients;
import io.millrace.compute.cuda.RegressionChains;
import io.millrace.compute.cuda.RelaxedSystems;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.coder.CdLasso;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.solver.GridStencil;
import io.millrace.core.solver.Sor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Every kernel, one line each, at shapes that its users have. */
final class Cases {
  static final List<Case.Family> ALL =
      List.of(
          new Named(
              "perceptron 32-64-10, mini-batch 64",
              "keys",
              new int[] {1, 8, 32, 132, 528},
              (d, n) -> new Perceptrons(d, 32, new Integer[] {64}, n)),
          new Named(
              "perceptron 64-256-256-10, mini-batch 64",
              "keys",
              new int[] {1, 8, 32, 132},
              (d, n) -> new Perceptrons(d, 64, new Integer[] {256, 256}, n)),
          new Named(
              "lasso, 128 atoms of 64",
              "signals",
              new int[] {16, 64, 256, 512, 1024, 4096},
              (d, n) -> new Codes(d, 128, 64, n)),
          new Named(
              "product, square", "rows", new int[] {16, 64, 128, 256, 512, 1024}, Products::new),
          new Named(
              "langevin, 32 parameters, mini-batch 32, 100 steps",
              "chains",
              new int[] {4, 64, 1024, 4096},
              (d, n) -> new Chains(d, 32, 32, 100, n)),
          new Named(
              "sor, grid of 32 x 32, 10 iterations",
              "systems",
              new int[] {1, 8, 64, 256},
              (d, n) -> new Systems(d, 32, 10, n)));

  private Cases() {}

  /** A family by its parts. */
  private record Named(
      String name, String unit, int[] sizes, BiFunction<Device, Integer, Case> maker)
      implements Case.Family {
    @Override
    public Case make(Device device, int size) {
      return maker.apply(device, size);
    }
  }

  private static double[] normals(int n, String name) {
    PhiloxDraws draws = new PhiloxDraws(1, name);
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = draws.normal(i);
    }
    return v;
  }

  private static final class Perceptrons implements Case {
    private static final int MINI_BATCH = 64;
    private static final int CLASSES = 10;

    private final int width;
    private final int size;
    private final int allUnits;
    private final ModelObjective objective;
    private final Architecture model;
    private final Rows[] batches;
    private final double[][] theta;
    private final double[][] host;
    private final double[][] found;
    private final MlpGradients gradients;

    Perceptrons(Device device, int width, Integer[] hidden, int keys) {
      this.width = width;
      Loss loss = Losses.spec("softmax").make().make(CLASSES, Double.NaN);
      model = Models.make(ModelOptions.mlp("relu", hidden), loss);
      size = model.layout(width).size();
      objective = model.objective(ScalarBackend.INSTANCE.kernels());
      batches = new Rows[keys];
      theta = new double[keys][size];
      host = new double[keys][size];
      found = new double[keys][size];
      SplittableRandom random = new SplittableRandom(1);
      for (int k = 0; k < keys; k++) {
        model.initialize(theta[k], width, new PhiloxDraws(1, "key" + k));
        batches[k] = new Rows(true);
        for (int r = 0; r < MINI_BATCH; r++) {
          batches[k].beginRow();
          int at = batches[k].extend(width);
          for (int i = 0; i < width; i++) {
            batches[k].value()[at + i] = random.nextDouble(-1, 1);
          }
          batches[k].endRow(random.nextInt(CLASSES), 1);
        }
      }
      int[] units = new int[hidden.length + 1];
      int all = CLASSES;
      for (int l = 0; l < hidden.length; l++) {
        units[l] = hidden[l];
        all += hidden[l];
      }
      units[hidden.length] = CLASSES;
      allUnits = all;
      gradients = new MlpGradients(device, width, units, "softmax", size, keys, keys * MINI_BATCH);
    }

    @Override
    public void onHost() {
      for (int k = 0; k < batches.length; k++) {
        objective.aim(batches[k], null, batches[k].value(), width, model.layout(width));
        objective.gradient(theta[k], host[k]);
      }
    }

    @Override
    public void onDevice() {
      gradients.begin();
      for (int k = 0; k < batches.length; k++) {
        gradients.add(theta[k]);
        Rows rows = batches[k];
        for (int r = 0; r < rows.count(); r++) {
          gradients.row(rows.value(), rows.start(r), rows.label(r), rows.weight(r));
        }
      }
      gradients.compute();
      for (int k = 0; k < batches.length; k++) {
        gradients.gradient(k, found[k]);
      }
    }

    @Override
    public boolean same() {
      return Arrays.deepEquals(host, found);
    }

    @Override
    public long leastBytes() {
      return 8L * batches.length * (2 * size + MINI_BATCH * (width + 6L * allUnits));
    }

    @Override
    public void close() {
      gradients.close();
    }
  }

  private static final class Codes implements Case {
    private static final double LAMBDA = 0.15;
    private static final double TOLERANCE = 1e-4;
    private static final int SWEEPS = 1000;

    private final int atoms;
    private final int signals;
    private final double[] gram;
    private final double[] c;
    private final double[] xx;
    private final double[] host;
    private final double[] found;
    private final int[] took;
    private final int[] hostTook;
    private final CdLasso coder = new CdLasso(LAMBDA, 0, false, TOLERANCE, SWEEPS);
    private final Workspace workspace = new Workspace();
    private final Gram view = new Gram();
    private final LassoCodes codes;

    Codes(Device device, int atoms, int dimension, int signals) {
      this.atoms = atoms;
      this.signals = signals;
      double[] d = unit(normals(atoms * dimension, "atoms"), dimension);
      double[] x = unit(normals(signals * dimension, "signals"), dimension);
      Kernels kernels = ScalarBackend.INSTANCE.kernels();
      gram = new double[atoms * atoms];
      c = new double[signals * atoms];
      kernels.gemm(
          1,
          kernels.left(d, atoms, dimension),
          kernels.right(d, atoms, dimension).transposed(),
          0,
          kernels.into(gram, atoms, atoms));
      kernels.gemm(
          1,
          kernels.left(x, signals, dimension),
          kernels.right(d, atoms, dimension).transposed(),
          0,
          kernels.into(c, signals, atoms));
      xx = new double[signals];
      Arrays.fill(xx, 1);
      host = new double[signals * atoms];
      found = new double[signals * atoms];
      took = new int[signals];
      hostTook = new int[signals];
      codes =
          new LassoCodes(
              device,
              atoms,
              atoms,
              new LassoCodes.Problem(LAMBDA, 0, false, TOLERANCE, SWEEPS),
              signals);
      codes.dictionary(gram);
    }

    private static double[] unit(double[] rows, int length) {
      for (int at = 0; at < rows.length; at += length) {
        double squares = 0;
        for (int i = at; i < at + length; i++) {
          squares += rows[i] * rows[i];
        }
        for (int i = at; i < at + length; i++) {
          rows[i] /= Math.sqrt(squares);
        }
      }
      return rows;
    }

    @Override
    public void onHost() {
      Arrays.fill(host, 0);
      view.aim(atoms, gram);
      for (int s = 0; s < signals; s++) {
        hostTook[s] = coder.solve(view, c, s * atoms, xx[s], host, s * atoms, workspace);
      }
    }

    @Override
    public void onDevice() {
      Arrays.fill(found, 0);
      codes.encode(signals, c, xx, found, took);
    }

    @Override
    public boolean same() {
      return Arrays.equals(took, hostTook) && Arrays.equals(host, found);
    }

    @Override
    public long leastBytes() {
      return 8L * (atoms * atoms + 3L * signals * atoms);
    }

    @Override
    public void close() {
      codes.close();
    }
  }

  private static final class Products implements Case {
    private final int n;
    private final double[] a;
    private final double[] b;
    private final double[] host;
    private final double[] found;
    private final Kernels kernels = ScalarBackend.INSTANCE.kernels();
    private final DeviceProducts products;

    Products(Device device, int n) {
      this.n = n;
      a = normals(n * n, "left");
      b = normals(n * n, "right");
      host = new double[n * n];
      found = new double[n * n];
      products = new DeviceProducts(device, kernels, 1);
    }

    private void multiply(Kernels by, double[] out) {
      by.gemm(1, by.left(a, n, n), by.right(b, n, n).transposed(), 0, by.into(out, n, n));
    }

    @Override
    public void onHost() {
      multiply(kernels, host);
    }

    @Override
    public void onDevice() {
      multiply(products, found);
    }

    @Override
    public boolean same() {
      return Arrays.equals(host, found);
    }

    @Override
    public long leastBytes() {
      return 24L * n * n;
    }

    @Override
    public void close() {
      products.close();
    }
  }

  private static final class Chains implements Case {
    private static final int ROWS = 1000;
    private static final RegressionChains.Law LAW = new RegressionChains.Law(1, 1, 1, 32, 1e-4, 1);

    private final int d;
    private final int steps;
    private final int chains;
    private final double[] x;
    private final double[] y;
    private final double[] start;
    private final double[] host;
    private final double[] found;
    private final long[] keys;
    private final long[] first;
    private final RegressionChains device;

    Chains(Device on, int d, int miniBatch, int steps, int chains) {
      this.d = d;
      this.steps = steps;
      this.chains = chains;
      x = normals(ROWS * d, "rows");
      y = normals(ROWS, "labels");
      start = normals(chains * d, "chains");
      host = start.clone();
      found = start.clone();
      keys = new SplittableRandom(2).longs(chains).toArray();
      first = new long[chains];
      if (miniBatch != LAW.miniBatch()) {
        throw new IllegalStateException("mini-batch " + miniBatch);
      }
      device = new RegressionChains(on, d, x, y, LAW, chains);
    }

    @Override
    public void onHost() {
      Sampler sampler =
          new Sampler(
              Estimators.spec("mini-batch").build(Map.of("mini-batch", (double) LAW.miniBatch())),
              Diffusions.spec("sgld").build(Map.of()));
      Shard shard =
          Shard.whole(
              new LinearRegression(d, x, y, LAW.variance()), new GaussianPrior(LAW.precision()));
      PhiloxDraws draws = new PhiloxDraws(1, "any");
      LocalStep step = new LocalStep(new Workspace());
      double[] theta = new double[d];
      for (int c = 0; c < chains; c++) {
        System.arraycopy(start, c * d, theta, 0, d);
        for (int s = 0; s < steps; s++) {
          step.aim(s, LAW.stepSize(), LAW.temperature(), draws.at(keys[c], s));
          sampler.step(shard, theta, null, null, step);
        }
        System.arraycopy(theta, 0, host, c * d, d);
      }
    }

    @Override
    public void onDevice() {
      System.arraycopy(start, 0, found, 0, start.length);
      device.advance(chains, keys, first, steps, found);
    }

    @Override
    public boolean same() {
      return Arrays.equals(host, found);
    }

    @Override
    public long leastBytes() {
      return 8L * (ROWS * (d + 1L) + 2L * chains * (d + 1));
    }

    @Override
    public void close() {
      device.close();
    }
  }

  private static final class Systems implements Case {
    private static final double OMEGA = 1.5;

    private final int n;
    private final int iterations;
    private final GridStencil a;
    private final double[][] b;
    private final double[][] host;
    private final double[][] found;
    private final RelaxedSystems device;

    Systems(Device on, int side, int iterations, int systems) {
      n = side * side;
      this.iterations = iterations;
      a = GridStencil.shiftedLaplacian(side, 0.1);
      b = new double[systems][];
      host = new double[systems][n];
      found = new double[systems][n];
      for (int s = 0; s < systems; s++) {
        b[s] = normals(n, "system" + s);
      }
      device = new RelaxedSystems(on, side, a.coupling(), systems);
    }

    @Override
    public void onHost() {
      Sor sor = new Sor();
      for (int s = 0; s < b.length; s++) {
        Arrays.fill(host[s], 0);
        sor.solve(a, b[s], host[s], OMEGA, 0, iterations);
      }
    }

    @Override
    public void onDevice() {
      device.begin();
      double[] zero = new double[n];
      for (double[] right : b) {
        device.add(a.diagonal(), OMEGA, 0, right, zero);
      }
      device.solve(iterations);
      for (int s = 0; s < b.length; s++) {
        device.read(s, found[s]);
      }
    }

    @Override
    public boolean same() {
      return Arrays.deepEquals(host, found);
    }

    @Override
    public long leastBytes() {
      return 8L * b.length * n * (2L + 7L * iterations);
    }

    @Override
    public void close() {
      device.close();
    }
  }
}
