/**
 * {@code ./millrace models}: what is in the topic of models.
 *
 * <p>{@link io.millrace.cli.models.ModelTopic} holds the options that all of these commands share
 * and opens a {@link io.millrace.client.ModelStore}. {@link
 * io.millrace.cli.models.ModelsListCommand} prints the newest version of every model, {@link
 * io.millrace.cli.models.ModelsShowCommand} all that is known of one, and {@link
 * io.millrace.cli.models.ModelsWatchCommand} every version as it comes. {@link
 * io.millrace.cli.models.ModelsExportCommand} writes one to a file: JSON, Avro, ONNX, an image of a
 * dictionary's atoms, or the bytes that a job's {@code warm-start.file} takes.
 *
 * <p>Models come in by the client library, as any user of it would read them; text, JSON and files
 * leave.
 *
 * <p>Guarantees: a model is shown whole or not at all; a file that is there already is not replaced
 * unless that is asked for; a model without a form in the format is refused with the reason.
 *
 * <p>Begin with {@link io.millrace.cli.models.ModelTopic}.
 *
 * <p>May use {@code cli.console, cli.dictionary, client, client.export, schemas}.
 */
package io.millrace.cli.models;
