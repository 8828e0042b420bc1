"""What officers can do: evidence, the state it leads to, the date until which it holds.

Evidence only grows; everything else here is made from it and can be made again. This room counts officers who hold a
competency; what the capacity-building plan makes of that is the plan room's.
"""
