package io.millrace.cli;

import io.millrace.cli.commands.BenchCommand;
import io.millrace.cli.commands.BrokerCommand;
import io.millrace.cli.commands.CheckCommand;
import io.millrace.cli.commands.ControlCommand;
import io.millrace.cli.commands.DeadLettersCommand;
import io.millrace.cli.commands.DemoCommand;
import io.millrace.cli.commands.EvaluateCommand;
import io.millrace.cli.commands.InitCommand;
import io.millrace.cli.commands.LearnersCommand;
import io.millrace.cli.commands.ModelsCommand;
import io.millrace.cli.commands.OptimizersCommand;
import io.millrace.cli.commands.PoliciesCommand;
import io.millrace.cli.commands.ProduceCommand;
import io.millrace.cli.commands.RunCommand;
import io.millrace.cli.commands.SampleCommand;
import io.millrace.cli.commands.TuneCommand;
import io.millrace.cli.dashboard.DashboardCommand;
import io.millrace.cli.topics.MetricsCommand;
import io.millrace.cli.topics.PredictionsCommand;
import java.util.List;

/** Every command of {@code millrace}, one line each, in the order of the help page. */
final class Commands {
  static final List<Class<?>> ALL =
      List.of(
          // one line per command
          DemoCommand.class,
          BrokerCommand.class,
          InitCommand.class,
          RunCommand.class,
          ProduceCommand.class,
          ModelsCommand.class,
          MetricsCommand.class,
          PredictionsCommand.class,
          DashboardCommand.class,
          ControlCommand.class,
          DeadLettersCommand.class,
          TuneCommand.class,
          SampleCommand.class,
          EvaluateCommand.class,
          BenchCommand.class,
          CheckCommand.class,
          OptimizersCommand.class,
          LearnersCommand.class,
          PoliciesCommand.class);

  private Commands() {}
}
