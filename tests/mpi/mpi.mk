# one training run on several processes, by MPI; nothing else needs it
.PHONY: mpi mpi-test mpi-mutants
# mpicc calls gcc, unless OMPI_CC says otherwise; a rank has one thread
MPI  = BUILD=$B/mpi CC=mpicc RANKS=parallel
mpicc = command -v mpicc > /dev/null && command -v mpirun > /dev/null || \
  { echo "make: MPI is missing; install it with: apt-get install libopenmpi-dev openmpi-bin" >&2; exit 1; }
## mpi: build/mpi/nn, for mpirun -n 2 build/mpi/nn train ...
mpi:
	$(mpicc)
	$(MAKE) $(MPI) $B/mpi/nn
$B/ranks: $(if $(PROOF),$(ANSWERED),$(CORE)) $B/obj/ranks.o $B/flags
	$(call link)
$B/obj/ranks.o: tests/mpi/ranks.c $B/flags | $B/lines
	@echo "$(CC) ranks.c"
	$(call compile,-I$B/src $(if $(PROOF),-DANSWERED))
mpi-test mpi-mutants: export OMP_NUM_THREADS = 1
# in a container one is root
mpi-test mpi-mutants: export OMPI_ALLOW_RUN_AS_ROOT = 1
mpi-test mpi-mutants: export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1
## mpi-test: does it keep what it promises, on 1, 2, 3, 4 and 7 processes?
mpi-test: $B/nn $(if $(PROOF),$B/answers/nn)
	$(mpicc)
	$(MAKE) $(MPI) $B/mpi/nn $B/mpi/ranks $(if $(PROOF),$B/mpi/answers/nn)
	bash tests/mpi/run.sh $B
## mpi-mutants: faults in what shares the work; does mpi-test see them?  Needs the answers to the challenges
mpi-mutants:
	$(mpicc)
	$(MAKE) $(MPI) $B/mpi/ranks
	BUILD=$B $(PYTHON3) tests/mutants.py --ranks $(OF)

# -- its benchmark; make mpi says what is missing
.PHONY: bench-mpi
## bench-mpi: sums and steps on one process and on two, beside PyTorch's, into figures/bench/mpi.tsv; two minutes
bench-mpi:
	$(mpicc)
	$(call need,$(PYTHON),python3)
	$(MAKE) $(MPI) $B/mpi/bench/mpi
	ROUNDS=$(ROUNDS) $(PYTHON) figures/bench/mpi.py $B/mpi/bench/mpi $B/bench-mpi.tsv
	mv $B/bench-mpi.tsv figures/bench/mpi.tsv
$B/bench/mpi: $B/bench/mpi.o $(CORE)
	$(call link)
$B/data/macros-mpi.tex $B/data/scaling-model.dat $B/data/scaling-measured.dat &: figures/bench/mpi.awk figures/bench/mpi.tsv | $B/data
	awk -v data=$B/data -f $^ > $B/data/mpi.new; mv $B/data/mpi.new $B/data/macros-mpi.tex
$B/figures/scaling.pdf: $B/data/scaling-model.dat $B/data/scaling-measured.dat
