// Ends at once with exit code 1.
process.stderr.write('crash: cannot read configuration\n')
process.exitCode = 1
