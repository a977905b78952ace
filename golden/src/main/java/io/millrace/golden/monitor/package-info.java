/**
 * Golden files of monitoring: detectors of drift, prequential metrics, calibration, conformal
 * intervals, drift of features, and reactions to a drift.
 *
 * <p>Each class is a kind of file. {@link io.millrace.golden.monitor.DetectorRun} feeds a stream to
 * a detector and compares every warning, every drift, and the numbers that the file lists; {@link
 * io.millrace.golden.monitor.MetricRun} has the metrics; {@link
 * io.millrace.golden.monitor.ConformalRun} the intervals; {@link
 * io.millrace.golden.monitor.DataDriftRun} compares two samples of a feature; {@link
 * io.millrace.golden.monitor.ReactionRun} lets a small model learn, and react.
 *
 * <p>A stream is given once and named by later cases. Every event is processed; files list the
 * results of some. A value that is null in a file has no meaning at that event, and must have none
 * here.
 *
 * <p>Begin with {@link io.millrace.golden.monitor.ConformalRun}.
 *
 * <p>May use {@code core.compute, core.drift, core.drift.feature, core.learn, core.monitor,
 * core.rng, golden.kind}.
 */
package io.millrace.golden.monitor;
